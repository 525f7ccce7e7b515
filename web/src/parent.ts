// The territory beside the one it lies in: the same figures, the same question.
import { element, part } from './element.ts';
import { minutes, number, percent } from './french.ts';
import type { Question } from './question.ts';
import { fetchDiagnosis, wholeScope, type Answer, type Diagnosis } from './server.ts';
import { isAnsweredAs, site } from './site.ts';
import { say, type Wording } from './wording.ts';

const outOfTen = (value: number): string => say('place.outOfTen', { value: number(value, 1) });

/** What is compared, each written as it is elsewhere on the page. */
const rows: readonly (readonly [words: Wording, of: (answer: Answer) => number | null | undefined, write: (value: number) => string])[] = [
  ['parent.share', (answer) => answer.beyond_share, percent],
  ['parent.median', (answer) => answer.access_min, minutes],
  ['parent.p90', (answer) => answer.access_min_p90, minutes],
  ['parent.venues', (answer) => answer.venues_per_10k, (value) => number(value, 1)],
  ['parent.fragility', (answer) => answer.fragility, outOfTen],
  ['parent.apl', (answer) => answer.apl, (value) => number(value, 1)],
];

/** The same question of the parent; null where there is none, or where a site has no answer about it. */
export function parentQuestion({ territory }: Diagnosis, asked: Question, only = site): Question | null {
  const id = territory.parent?.id;
  if (id === undefined || !isAnsweredAs(id, only)) return null;
  return { ...asked, territories: id === wholeScope ? [] : [id] };
}

let asking = new AbortController();

export function showParent(diagnosis: Diagnosis, asked: Question): void {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const question = parentQuestion(diagnosis, asked);
  part('parent-part').hidden = true;
  if (question === null) return;
  fetchDiagnosis(question, signal).then(
    (parent) => {
      if (!signal.aborted) compare(diagnosis, parent);
    },
    // A comparison that fails takes nothing from the answer, which stands above.
    () => undefined,
  );
}

function compare({ territory, answer }: Diagnosis, parent: Diagnosis): void {
  // A region that is all of the data has a parent of the same ground.
  if (parent.territory.population === territory.population) return;
  const name = territory.parent?.name ?? parent.territory.name;
  part('parent-title').textContent = say('parent.title', { name });
  // A figure neither of the two has is no line.
  const compared = rows.filter(([, of]) => (of(answer) ?? of(parent.answer) ?? null) !== null);
  part('parent').replaceChildren(
    element('caption', { class: 'unseen' }, say('parent.caption', { name: territory.name, parent: name })),
    element('thead', {}, element('tr', {}, element('td'), element('th', { scope: 'col' }, territory.name), element('th', { scope: 'col' }, name))),
    element('tbody', {}, ...compared.map(([words, of, write]) => {
      const cells = [answer, parent.answer].map((one) => {
        const value = of(one) ?? null;
        return element('td', {}, value === null ? say('unknown') : write(value));
      });
      return element('tr', {}, element('th', { scope: 'row' }, say(words)), ...cells);
    })),
  );
  part('parent-part').hidden = false;
}
