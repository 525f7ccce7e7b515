// Every map as a table too: for who does not see it, cannot click on it, or wants the ranking.
import { columnsOf, levels, sortBy, usualSort, writeListing, type Column, type Level, type Listing, type Row, type Sort } from './columns.ts';
import { element, part } from './element.ts';
import { number } from './french.ts';
import type { Question } from './question.ts';
import { fetchPage, hasTable, rowsOnPage, type Page } from './rows.ts';
import { site } from './site.ts';
import { say } from './wording.ts';

export interface TableEvents {
  readonly question: () => Question;
  /** Shows the place of a row, once the table is gone; null where there is nothing to show it on. */
  readonly onChoose: (level: Level) => ((row: Row) => void) | null;
  /** Another table is open, or none any more. */
  readonly onList: (listing: Listing | null) => void;
}

/** What opens a table, or closes it. */
export function startTable({ question, onChoose, onList }: TableEvents): (wanted: Listing | null) => void {
  const dialog = part<HTMLDialogElement>('table');
  const previous = part<HTMLButtonElement>('table-previous');
  const next = part<HTMLButtonElement>('table-next');
  let level: Level = 'communes';
  let sort: Sort = usualSort(level);
  let offset = 0;
  let asking = new AbortController();
  let isComing = false;

  const show = async (how: 'anew' | 'again'): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const asked = question();
    part('table-state').textContent = say('wait.answer');
    isComing = true;
    try {
      const page = await fetchPage(level, sort, offset, asked, signal);
      if (signal.aborted) return;
      isComing = false;
      fill(page, asked);
      if (how === 'anew') part('table-scroll').scrollTop = 0;
    } catch (failure) {
      if (signal.aborted) return;
      isComing = false;
      part('table-rows').replaceChildren();
      [previous.disabled, next.disabled] = [true, true];
      part('table-state').textContent = failure instanceof Error ? failure.message : String(failure);
    }
  };

  const fill = ({ rows, matched }: Page, asked: Question): void => {
    const columns = columnsOf(level);
    const heads = columns.map((column) => header(column, sort, () => {
      list({ level, sort: sortBy(column, sort) });
      void show('anew').then(() => part('table-rows').querySelector<HTMLElement>('[aria-sort] button')?.focus());
    }));
    const choose = onChoose(level);
    part('table-rows').replaceChildren(
      element('caption', { class: 'unseen' }, `${say(`level.${level}`)}. ${part('table-question').textContent ?? ''}`),
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...columns.map((column, rank) => cell(row, column, asked, rank === 0 ? choose : null, dialog))))),
    );
    part('table-note').textContent = say(level === 'zones' ? 'table.zoneNote' : 'table.note');
    const last = Math.min(offset + rows.length, matched);
    part('table-state').textContent = matched === 0 ? say('table.none') : say('table.range', { from: number(offset + 1), to: number(last), of: number(matched) });
    [previous.disabled, next.disabled] = [offset === 0, last >= matched];
    part('table-spoken').textContent = spoken(columns);
  };

  const spoken = (columns: readonly Column[]): string => {
    const column = columns.find(({ name }) => name === sort.column);
    const order = column?.isText ? (sort.descending ? 'table.fromZ' : 'table.fromA') : sort.descending ? 'table.descending' : 'table.ascending';
    return `${say('table.sorted', { level: say(`level.${level}`), column: column === undefined ? '' : say(column.words), order: say(order) })} ${part('table-state').textContent}`;
  };

  const turn = (by: number): void => {
    // A page that is still coming does not say whether there is another.
    if (isComing) return;
    offset = Math.max(0, offset + by);
    // A button that goes off under the focus would lose it: the rows take it.
    void show('anew').then(() => part('table-scroll').focus());
  };

  const list = (listing: Listing): void => {
    ({ level, sort } = listing);
    offset = 0;
    onList(listing);
  };

  const open = (listing: Listing): void => {
    list(listing);
    part<HTMLInputElement>(`level-${level}`).checked = true;
    part('table-question').textContent = site === null ? part('sentence').textContent : say('table.site');
    part('table-rows').replaceChildren();
    if (!dialog.open) dialog.showModal();
    part(`level-${level}`).focus();
    void show('anew');
  };

  const start = (first: Level): void => open({ level: first, sort: usualSort(first) });
  const shown = levels.filter(hasTable);
  part('table-levels').append(...shown.map(levelChoice));
  part('table-levels').addEventListener('change', (event) => {
    const chosen = levels.find((one) => one === (event.target as HTMLInputElement).value);
    if (chosen === undefined) return;
    list({ level: chosen, sort: usualSort(chosen) });
    void show('anew');
  });
  part('table-open').hidden = shown.length === 0;
  part('table-open').addEventListener('click', () => start(shown.includes('communes') ? 'communes' : 'zones'));
  part('zones-all').addEventListener('click', () => start('zones'));
  part('table-close').addEventListener('click', () => dialog.close());
  previous.addEventListener('click', () => turn(-rowsOnPage));
  next.addEventListener('click', () => turn(rowsOnPage));
  // Escape closes the table, and not also the card beneath; a press beside it closes it too.
  dialog.addEventListener('keydown', (event) => event.key === 'Escape' && event.stopPropagation());
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => {
    asking.abort();
    // A link gone back to may have opened it again before this is told.
    if (!dialog.open) onList(null);
  });
  return (wanted) => {
    if (wanted === null || !hasTable(wanted.level)) dialog.close();
    else if (!dialog.open || writeListing(wanted) !== writeListing({ level, sort })) open(wanted);
  };
}

function levelChoice(level: Level): HTMLElement {
  const input = element('input', { type: 'radio', name: 'level', value: level, id: `level-${level}` });
  return element('div', { class: 'choice' }, input, element('label', { for: input.id }, say(`level.${level}`)));
}

function header(column: Column, sort: Sort, onSort: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, say(column.words));
  button.addEventListener('click', onSort);
  const sorted: Record<string, string> = sort.column === column.name ? { 'aria-sort': sort.descending ? 'descending' : 'ascending' } : {};
  return element('th', { scope: 'col', class: column.isText ? 'text' : 'number', ...sorted }, button);
}

function cell(row: Row, column: Column, asked: Question, onChoose: ((row: Row) => void) | null, dialog: HTMLDialogElement): HTMLElement {
  const words = column.write(row, asked);
  const kind = column.isText ? 'text' : 'number';
  if (column.name !== 'name') return element('td', { class: kind }, words);
  if (onChoose === null) return element('th', { scope: 'row', class: kind }, words);
  const button = element('button', { type: 'button', title: say('zones.show') }, words);
  button.addEventListener('click', () => {
    dialog.close();
    onChoose(row);
  });
  return element('th', { scope: 'row', class: kind }, button);
}
