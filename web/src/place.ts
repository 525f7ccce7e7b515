// The card of a clicked place: what its tile already says at once, the rest when the diagnosis arrives.
import { element, part } from './element.ts';
import { count, minutes, number, percent } from './french.ts';
import type { Question } from './question.ts';
import { hasWording, say, type Wording } from './wording.ts';

/** A place's figures, whichever way they came; null where the data say nothing, undefined while they are fetched. */
export interface PlaceFigures {
  readonly kind: string;
  readonly code: string;
  readonly name: string;
  readonly population: number | null;
  readonly beyond: number | null;
  readonly beyondShare: number | null;
  readonly median: number | null;
  readonly p90: number | null | undefined;
  readonly venues: number | null;
  readonly fragility: number | null;
  readonly nearest: string | null;
  readonly edge: boolean;
}

/** Tile attributes are whatever the server wrote: each is checked before it is trusted. */
export function placeFromTile(kind: string, attributes: Readonly<Record<string, unknown>>): PlaceFigures {
  const numeric = (name: string): number | null => (typeof attributes[name] === 'number' ? attributes[name] : null);
  const text = (name: string): string | null => (typeof attributes[name] === 'string' ? attributes[name] : null);
  return {
    kind,
    code: text('code') ?? String(attributes['code'] ?? ''),
    name: text('name') ?? '',
    population: numeric('population'),
    beyond: numeric('beyond'),
    beyondShare: numeric('beyond_share'),
    median: numeric('access_min'),
    p90: kind === 'cell' ? null : undefined,
    venues: numeric('venues'),
    fragility: numeric('fragility'),
    nearest: text('nearest_venue'),
    edge: attributes['edge'] === true || attributes['edge'] === 1,
  };
}

function kindWords(kind: string): string {
  const key = `kind.${kind}`;
  return hasWording(key) ? say(key) : kind;
}

export function showPlace(
  place: PlaceFigures,
  question: Question,
  actions: { readonly onClose: () => void; readonly onChoose: (() => void) | null },
): void {
  const row = (words: Wording | string, value: string | null | undefined, kind = 'figure'): HTMLElement[] => [
    element('dt', { class: kind }, hasWording(words) ? say(words) : words),
    element('dd', { class: kind }, value === undefined ? '…' : (value ?? say('unknown'))),
  ];
  const known = <T>(value: T | null | undefined, write: (value: T) => string): string | null | undefined =>
    value === null || value === undefined ? value as null | undefined : write(value);

  const close = element('button', { type: 'button', class: 'close', 'aria-label': say('place.close') }, '×');
  close.addEventListener('click', actions.onClose);
  const title = place.kind === 'cell' && place.name !== '' ? say('place.cellIn', { name: place.name }) : place.name || place.code;
  const population = place.population === null ? '' : count(place.population, say('inhabitant.one'), say('inhabitant.several'));
  const subtitle = [place.kind === 'cell' ? '' : kindWords(place.kind), population].filter((text) => text !== '').join(' · ');
  const figures = element(
    'dl',
    {},
    ...row(say('place.beyond', { minutes: minutes(question.minutes) }), known(place.beyond, number)),
    ...row('place.share', known(place.beyondShare, percent)),
    ...row('place.median', known(place.median, minutes)),
    ...(place.kind === 'cell' ? [] : row('place.p90', known(place.p90, minutes))),
    ...(place.kind === 'cell' ? [] : row('place.venues', known(place.venues, number))),
    ...row('place.fragility', known(place.fragility, (value) => say('place.outOfTen', { value: number(value, 1) }))),
    ...row('place.nearest', place.nearest, 'nearest'),
  );
  const card = part('place');
  card.replaceChildren(close, element('h2', { id: 'place-title' }, title), element('p', { class: 'quiet' }, subtitle), figures);
  if (place.edge) card.append(element('p', { class: 'quiet' }, say('place.edge')));
  if (actions.onChoose !== null) {
    const choose = element('button', { type: 'button', class: 'choose' }, say('place.choose'));
    choose.addEventListener('click', actions.onChoose);
    card.append(choose);
  }
  card.hidden = false;
}

export function hidePlace(): void {
  part('place').hidden = true;
}
