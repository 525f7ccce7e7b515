// The week: at each hour, the share of people who have an open venue within the promise.
import { element, part } from './element.ts';
import { count, minutes, number, percent } from './french.ts';
import { isFloored, type Question } from './question.ts';
import type { Diagnosis, Week } from './server.ts';
import { say } from './wording.ts';

export const days = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const;
// Where each colour begins, after that of nobody. The printed report has the same.
const steps = [0, 0.25, 0.5, 0.75, 0.9] as const;

/** Hours that are one column since nothing changes between them on any day: both ends are in. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** The columns: hours alike on every day share one, and hours at which nothing is open before and after all have none. */
export function columns(within: Week['within']): Hours[] {
  const at = (hour: number): readonly number[] => within.map((day) => day[hour] ?? 0);
  const runs: Hours[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    const last = runs.at(-1);
    if (last !== undefined && at(last.to).join() === at(hour).join()) runs[runs.length - 1] = { from: last.from, to: hour };
    else runs.push({ from: hour, to: hour });
  }
  const isShut = (run: Hours | undefined): boolean => run !== undefined && at(run.from).every((people) => people === 0);
  if (isShut(runs[0])) runs.shift();
  if (isShut(runs.at(-1))) runs.pop();
  return runs;
}

export interface Moment {
  readonly day: number;
  readonly hour: number;
  readonly people: number;
}

/** The moment with most people among some days and hours, and that with fewest; of equal ones the first. */
export function extremes(within: Week['within'], [firstDay, lastDay]: readonly [number, number], [from, to]: readonly [number, number]): { most: Moment; fewest: Moment } {
  const moments = within
    .flatMap((hours, day) => hours.map((people, hour) => ({ day, hour, people })))
    .filter(({ day, hour }) => day >= firstDay && day <= lastDay && hour >= from && hour <= to);
  const none = { day: firstDay, hour: from, people: 0 };
  return {
    most: moments.reduce((best, one) => (one.people > best.people ? one : best), moments[0] ?? none),
    fewest: moments.reduce((best, one) => (one.people < best.people ? one : best), moments[0] ?? none),
  };
}

/** 0 for nobody, then 1 to 5; of the share as it is written, so that one number has one colour. */
export function step(share: number): number {
  return share === 0 ? 0 : steps.filter((from) => Math.round(share * 100) >= from * 100).length;
}

/** A share in two figures, never rounded to none nor to all. */
export function hundredths(share: number): string {
  if (share === 0) return '·';
  if (share < 0.005) return '<1';
  return share < 1 && share >= 0.995 ? '>99' : number(share * 100);
}

const dayName = (day: number): string => say(`day.${days[day] ?? 'mo'}`);
const clock = (hour: number): string => say('week.clock', { hour: String(hour) });

export function showWeek({ week }: Diagnosis, question: Question): void {
  const unknown = week?.hours_unknown ?? 0;
  part('week-unknown').textContent =
    unknown === 0 ? '' : say(unknown < 2 ? 'week.unknown' : 'week.unknowns', { venues: count(unknown, say('venue.one'), say('venue.several')) });
  const isOpen = week !== null && week.population > 0 && week.within.some((hours) => hours.some((people) => people > 0));
  part('week-table').hidden = !isOpen;
  part('week-legend').hidden = !isOpen;
  if (!isOpen) {
    part('week-words').textContent = week === null ? say('week.none') : say('week.shut', { minutes: minutes(question.minutes) });
    return;
  }
  const who = say(isFloored(question) ? 'answer.share.fragile' : 'answer.share');
  part('week-words').textContent = wordsOf(week, who);
  const shown = columns(week.within);
  const caption = say('week.caption', { who, minutes: minutes(question.minutes), by: say(`by.${question.mode}`) });
  part('week-table').replaceChildren(table(week, shown, caption));
  part('week-legend').replaceChildren(...legend());
}

function wordsOf({ within, population }: Week, who: string): string {
  const said = ({ day, hour, people }: Moment): Record<string, string> => ({ day: dayName(day), hour: clock(hour), share: percent(people / population) });
  const weekdays = extremes(within, [0, 4], [9, 16]).fewest;
  const best = (day: number): string => percent(extremes(within, [day, day], [0, 23]).most.people / population);
  const shown = columns(within);
  const [first, last] = [shown[0]?.from ?? 0, shown.at(-1)?.to ?? 23];
  return [
    say('week.most', { ...said(extremes(within, [0, 6], [0, 23]).most), who }),
    say('week.fewest', said(weekdays)),
    say('week.weekend', { saturday: best(5), sunday: best(6) }),
    shutHours(first, last),
  ].filter((words) => words !== '').join(' ');
}

/** The week is known at each hour, not between two. */
function shutHours(first: number, last: number): string {
  const [before, after] = [{ before: clock(first - 1) }, { after: clock(last + 1) }];
  if (first === 0) return last === 23 ? '' : say('week.shutAfter', after);
  return last === 23 ? say('week.shutBefore', before) : say('week.shutHours', { ...before, ...after });
}

function table({ within, population }: Week, shown: readonly Hours[], caption: string): HTMLElement {
  const heads = shown.map(({ from, to }) => {
    const named = from === to ? clock(from) : say('week.hours', { from: clock(from), to: clock(to) });
    return element('th', { scope: 'col', title: named }, from === to ? String(from) : `${from}–${to}`, element('span', { class: 'unseen' }, say('week.hour')));
  });
  const rows = within.map((hours, day) =>
    element('tr', {}, element('th', { scope: 'row' }, element('span', { 'aria-hidden': 'true' }, dayName(day).slice(0, 3)), element('span', { class: 'unseen' }, dayName(day))), ...shown.map(({ from, to }) => {
      const people = hours[from] ?? 0;
      const share = people / population;
      const when = from === to ? say('week.at', { day: dayName(day), hour: clock(from) }) : say('week.from', { day: dayName(day), from: clock(from), to: clock(to) });
      const title = say('week.cell', { when, share: percent(share), people: count(people, say('answer.person'), say('answer.people')) });
      return element('td', { class: `step-${step(share)}`, title }, ...figure(share));
    })),
  );
  return element('table', {}, element('caption', {}, caption), element('thead', {}, element('tr', {}, element('td'), ...heads)), element('tbody', {}, ...rows));
}

function figure(share: number): (HTMLElement | string)[] {
  if (share > 0) return [hundredths(share), element('span', { class: 'unseen' }, '\u202f%')];
  return [element('span', { 'aria-hidden': 'true' }, hundredths(0)), element('span', { class: 'unseen' }, percent(0))];
}

function legend(): HTMLElement[] {
  const words = [say('week.nobody'), ...steps.map((from, rank) => {
    const to = steps[rank + 1];
    if (to === undefined) return say('week.over', { from: number(from * 100) });
    return rank === 0 ? say('week.under', { to: number(to * 100) }) : say('week.between', { from: number(from * 100), to: number(to * 100) });
  })];
  return words.map((label, rank) => element('li', {}, element('span', { class: `swatch step-${rank}`, 'aria-hidden': 'true' }), label));
}
