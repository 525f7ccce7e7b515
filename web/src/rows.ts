// The map as rows: which levels and columns there are, and a page of one of them, in order, from the server or a site's file.
import { minutes, number, percent } from './french.ts';
import type { Question } from './question.ts';
import { reasonInWords } from './reason.ts';
import { fetchRows } from './server.ts';
import { site } from './site.ts';
import { say, type Wording } from './wording.ts';

export const levels = ['zones', 'communes', 'epcis', 'departements'] as const;
export type Level = (typeof levels)[number];

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

export const rowsOnPage = 50;

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

/** A site has rows where it has their file. */
export function hasTable(level: Level): boolean {
  return site === null || site.files[`${level}.csv`] !== undefined;
}

/** The part of a server's address that asks for a page; of equals, where most people live comes first. */
export function sliceOf(level: Level, { column, descending }: Sort, offset: number): string[] {
  const more = level === 'zones' ? ['reason'] : level === 'communes' ? ['code', 'departement'] : ['code'];
  const tie = column === 'population' ? '' : ',-population';
  return [
    `properties=${[...more, ...columnsOf(level).map((one) => one.name)].join(',')}`,
    `sortby=${descending ? '-' : ''}${column}${tie}`,
    `limit=${rowsOnPage}`,
    `offset=${offset}`,
  ];
}

/** CSV (RFC 4180) by the names of its first line. The apostrophe that keeps a text from being run as a formula goes. */
export function parseCsv(csv: string): Row[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const cell = quoted === undefined ? plain : quoted.replaceAll('""', '"');
    lines.at(-1)?.push(/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
    if (end === '') break;
    if (end !== ',') lines.push([]);
  }
  const [head = [], ...rest] = lines.filter((cells) => cells.length > 1 || cells[0] !== '');
  return rest.map((cells) => Object.fromEntries(head.map((key, rank) => [key, cells[rank] ?? ''])));
}

/** As the server sorts: what has no value comes last, equals by people. */
export function sorted(rows: readonly Row[], columns: readonly Column[], { column, descending }: Sort): Row[] {
  const isText = columns.find((one) => one.name === column)?.isText ?? true;
  const people = (row: Row): number => Number(row['population']);
  const collator = new Intl.Collator('fr');
  return [...rows].sort((a, b) => {
    const [x = '', y = ''] = [a[column], b[column]];
    if (x === '' || y === '') return Number(x === '') - Number(y === '') || people(b) - people(a);
    const order = isText ? collator.compare(x, y) : Number(x) - Number(y);
    return (descending ? -order : order) || people(b) - people(a);
  });
}

export interface Page {
  readonly rows: readonly Row[];
  readonly matched: number;
}

export async function fetchPage(level: Level, sort: Sort, offset: number, question: Question, signal: AbortSignal): Promise<Page> {
  const { csv, matched } = await fetchRows(level, sliceOf(level, sort, offset), question, signal);
  const rows = parseCsv(csv);
  if (site === null) return { rows, matched };
  return { rows: sorted(rows, columnsOf(level), sort).slice(offset, offset + rowsOnPage), matched: rows.length };
}
