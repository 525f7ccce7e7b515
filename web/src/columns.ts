// What a table of the map lists: its levels, their columns, and the order of its rows, which a link holds.
import { minutes, number, percent } from './french.ts';
import type { Question } from './question.ts';
import { reasonInWords } from './reason.ts';
import { say, type Wording } from './wording.ts';

export const levels = ['zones', 'communes', 'epcis', 'departements'] as const;
export type Level = (typeof levels)[number];

/** What a card calls the rows of a level; zones have none. */
export const kinds: Readonly<Partial<Record<Level, string>>> = { communes: 'commune', epcis: 'epci', departements: 'departement' };

/** The level whose rows a card calls so; null where there is none. */
export function levelOf(kind: string): Level | null {
  return levels.find((level) => kinds[level] === kind) ?? null;
}

/** What a row says, by attribute, as the server wrote it; empty where it knows nothing. */
export type Row = Readonly<Record<string, string>>;

export interface Column {
  readonly name: string;
  readonly words: Wording;
  /** Texts are sorted from A, numbers from the largest. */
  readonly isText: boolean;
  readonly write: (row: Row, question: Question) => string;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

function figure(name: string, words: Wording, write: (value: number) => string): Column {
  return { name, words, isText: false, write: (row) => (row[name] ? write(Number(row[name])) : say('unknown')) };
}

function text(name: string, words: Wording, write: Column['write'] = (row) => row[name] || say('unknown')): Column {
  return { name, words, isText: true, write };
}

const oneDecimal = (value: number): string => number(value, 1);

/** Two communes of one name are told apart by their département. */
const name = text('name', 'table.name', (row) => (row['departement'] ? say('table.named', { name: row['name'] ?? '', code: row['departement'] }) : (row['name'] ?? '')));
const population = figure('population', 'table.population', number);
const median = figure('access_min', 'table.median', minutes);

const areaColumns: readonly Column[] = [
  name,
  population,
  figure('beyond', 'table.beyond', number),
  figure('beyond_share', 'table.share', percent),
  median,
  figure('fragility', 'table.fragility', oneDecimal),
  figure('apl', 'table.apl', oneDecimal),
  figure('venues', 'table.venues', number),
];
const zoneColumns: readonly Column[] = [
  name,
  population,
  figure('fragile_population', 'table.fragile', number),
  median,
  figure('access_min_max', 'table.longest', minutes),
  text('nearest_venue', 'table.nearest'),
  text('reason_label', 'table.reason', (row, question) => reasonInWords(row['reason'] ?? '', row['reason_label'] ?? '', question)),
];

export function columnsOf(level: Level): readonly Column[] {
  return level === 'zones' ? zoneColumns : areaColumns;
}

/** Where most people are concerned comes first. */
export function usualSort(level: Level): Sort {
  return { column: level === 'zones' ? 'population' : 'beyond', descending: true };
}

/** What a header asks for: the usual order of its column, then the other way round. */
export function sortBy(column: Column, now: Sort): Sort {
  return { column: column.name, descending: now.column === column.name ? !now.descending : !column.isText };
}

/** A table as one sees it: which, in what order. */
export interface Listing {
  readonly level: Level;
  readonly sort: Sort;
}

/** `communes`, in its usual order, or `communes:-beyond_share`; null where there is no such table or column. */
export function parseListing(text: string): Listing | null {
  const [, name, descending, column] = /^([a-z]+)(?::(-?)([a-z_]+))?$/.exec(text) ?? [];
  const level = levels.find((one) => one === name);
  if (level === undefined) return null;
  if (column === undefined) return { level, sort: usualSort(level) };
  if (!columnsOf(level).some((one) => one.name === column)) return null;
  return { level, sort: { column, descending: descending === '-' } };
}

export function writeListing({ level, sort: { column, descending } }: Listing): string {
  const usual = usualSort(level);
  if (column === usual.column && descending === usual.descending) return level;
  return `${level}:${descending ? '-' : ''}${column}`;
}
