// The rows of a table of the map: a page of them, in order, from the server or from a site's file.
import { columnsOf, type Column, type Level, type Row, type Sort } from './columns.ts';
import type { Question } from './question.ts';
import { fetchRows } from './server.ts';
import { site } from './site.ts';

export const rowsOnPage = 50;

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
