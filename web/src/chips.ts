// What narrows the question, each with its way out: the chosen territories and the filters. Those of a site stay.
import { element, part } from './element.ts';
import type { Filter, Question } from './question.ts';
import { criterion } from './sentence.ts';
import { site } from './site.ts';
import { say } from './wording.ts';

export function showChips(question: Question, nameOf: (id: string) => string, onRemove: (next: Question) => void): void {
  const chips = [
    ...question.territories.map((id) =>
      chip(nameOf(id), () => onRemove({ ...question, territories: question.territories.filter((other) => other !== id) })),
    ),
    ...question.filters.map((filter) =>
      chip(filterWords(filter), site !== null ? null : () =>
        onRemove({ ...question, filters: question.filters.filter((other) => other !== filter) }),
      ),
    ),
  ];
  const list = part('chips');
  const focused = [...list.querySelectorAll('button')].findIndex((button) => button === document.activeElement);
  list.replaceChildren(...chips);
  if (focused < 0) return;
  // One who takes chips off one after the other stays among them.
  const left = list.querySelectorAll('button');
  (left[Math.min(focused, left.length - 1)] ?? part('answer')).focus();
}

function filterWords(filter: Filter): string {
  const [name, value] = filter;
  if (name === 'fragility_min') return say('criterion.fragility', { floor: value });
  return criterion(filter) ?? say('filter.chip', { name, value });
}

function chip(words: string, onRemove: (() => void) | null): HTMLElement {
  if (onRemove === null) return element('li', { class: 'kept' }, element('span', {}, words));
  const remove = element('button', { type: 'button', 'aria-label': say('remove', { name: words }) }, '×');
  remove.addEventListener('click', onRemove);
  return element('li', {}, element('span', {}, words), remove);
}
