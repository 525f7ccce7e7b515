// What narrows the question, each with its way out: the chosen territories, and the filters a link brought.
import { element, part } from './element.ts';
import type { Filter, Question } from './question.ts';
import { criterion } from './sentence.ts';
import { say } from './wording.ts';

export function showChips(question: Question, nameOf: (id: string) => string, onRemove: (next: Question) => void): void {
  const chips = [
    ...question.territories.map((id) =>
      chip(nameOf(id), () => onRemove({ ...question, territories: question.territories.filter((other) => other !== id) })),
    ),
    ...question.filters.map((filter) =>
      chip(filterWords(filter), () =>
        onRemove({ ...question, filters: question.filters.filter((other) => other !== filter) }),
      ),
    ),
  ];
  part('chips').replaceChildren(...chips);
}

function filterWords(filter: Filter): string {
  const [name, value] = filter;
  if (name === 'fragility_min') return say('criterion.fragility', { floor: value });
  return criterion(filter) ?? say('filter.chip', { name, value });
}

function chip(words: string, onRemove: () => void): HTMLElement {
  const remove = element('button', { type: 'button', 'aria-label': say('remove', { name: words }) }, '×');
  remove.addEventListener('click', onRemove);
  return element('li', {}, element('span', {}, words), remove);
}
