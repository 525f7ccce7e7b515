// Where help is needed most: our index of fragility beside the published one, and what is in priority areas.
import { element, part } from './element.ts';
import { count, number } from './french.ts';
import type { Answer, Diagnosis, Priority } from './server.ts';
import { say } from './wording.ts';

export function showNeed({ answer, priority }: Diagnosis): void {
  const lines = [...indexes(answer), ...areas(priority ?? null)];
  part('need-part').hidden = lines.length === 0;
  part('need').replaceChildren(...lines.flatMap(([words, value]) => [element('dt', {}, words), element('dd', {}, value)]));
  const source = answer.fragility_published_source;
  part('need-source').textContent = source
    ? say('need.source', { name: source.name, vintage: source.vintage, licence: source.licence ?? '' })
    : '';
}

type Line = readonly [words: string, value: string];

/** Ours alone is on the card of each place; here the two stand side by side, or neither. */
function indexes(answer: Answer): Line[] {
  const published = answer.fragility_published ?? null;
  if (published === null) return [];
  const outOfTen = (value: number | null): string => (value === null ? say('unknown') : say('place.outOfTen', { value: number(value, 1) }));
  const correlation = answer.fragility_correlation;
  return [
    [say('need.ours'), outOfTen(answer.fragility)],
    [say(answer.fragility_published_basis === 'mean-of-communes' ? 'need.mean' : 'need.published'), outOfTen(published)],
    ...(correlation
      ? [
          [
            say('need.correlation'),
            say('need.correlation.value', {
              rho: number(correlation.rho, 2),
              communes: count(correlation.n, say('commune.one'), say('commune.several')),
            }),
          ] as const,
        ]
      : []),
  ];
}

function areas(priority: Priority | null): Line[] {
  if (priority === null) return [];
  const kinds = Object.entries(priority.venues_by_kind).map(([kind, venues]) =>
    say('need.priority.kind', { kind: kind.toUpperCase(), count: number(venues) }),
  );
  const venues = count(priority.venues_in_any, say('venue.one'), say('venue.several'));
  return [
    [say('need.priority'), say('need.priority.value', { count: venues, kinds: kinds.join(', ') })],
    ...Object.entries(priority.people_by_kind).map(
      ([kind, people]) => [say('need.people', { kind: kind.toUpperCase() }), number(people)] as const,
    ),
  ];
}
