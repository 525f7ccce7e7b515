// Who is beyond, by fragility of where they live: a bar for each class of the index, and whether the fragile go further.
import { people } from './answer.ts';
import { element, part } from './element.ts';
import { minutes, number, percent } from './french.ts';
import type { ClassCoverage, Diagnosis, Equity } from './server.ts';
import { say } from './wording.ts';

/** The whole part of an index in words: « 7 à 8 »; the last is exact. */
export function className(whole: number | null): string {
  if (whole === null) return say('classes.unknown');
  return whole === 10 ? '10' : say('classes.range', { from: String(whole), to: String(whole + 1) });
}

/** How long each bar is, of the longest, in hundredths; a few people are not drawn as none. */
export function lengths(classes: readonly ClassCoverage[]): number[] {
  const most = Math.max(1, ...classes.map(({ beyond }) => beyond));
  return classes.map(({ beyond }) => (beyond === 0 ? 0 : Math.max(1, Math.round((beyond / most) * 100))));
}

export function showClasses({ answer, classes, equity }: Diagnosis): void {
  // A class where nobody lives says nothing.
  const inhabited = classes.filter(({ population }) => population > 0);
  part('classes-part').hidden = inhabited.length === 0;
  part('classes-words').textContent = finding(equity, answer.fragility !== null);
  const bars = lengths(inhabited);
  const rows = inhabited.map(({ class: whole, beyond, beyond_share: share }, rank) => {
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.width = `${bars[rank] ?? 0}%`;
    return element(
      'tr',
      { title: say('classes.row', { people: people(beyond), class: className(whole) }) },
      element('th', { scope: 'row' }, className(whole)),
      element('td', { class: 'drawn' }, bar),
      element('td', {}, number(beyond)),
      element('td', {}, share === null ? say('unknown') : percent(share)),
    );
  });
  const heads = [element('th', { scope: 'col' }, say('classes.index')), element('td'), element('th', { scope: 'col' }, say('classes.beyond')), element('th', { scope: 'col' }, say('classes.share'))];
  part('classes').replaceChildren(
    element('caption', {}, say('classes.caption')),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}

/** What the concentration index says, then the two medians that let one judge of it. */
function finding(equity: Equity | null, isKnown: boolean): string {
  if (equity === null) return say(isKnown ? 'classes.same' : 'classes.unindexed');
  const { access_min_fragile: fragile, access_min_others: others } = equity;
  const medians = fragile === null || others === null ? '' : ` ${say('classes.medians', { fragile: minutes(fragile), others: minutes(others) })}`;
  return say(`equity.${equity.reading}`) + medians;
}
