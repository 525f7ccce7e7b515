// The card of a clicked place: what its tile already says at once, the rest when the diagnosis arrives.
import { element, part } from './element.ts';
import { count, minutes, number, percent } from './french.ts';
import type { Question } from './question.ts';
import type { Times, Way } from './server.ts';
import { methodInWords, methodOf, wayInWords } from './way.ts';
import { hasWording, say, type Wording } from './wording.ts';

/** Null where the data say nothing, undefined while it is fetched. */
type Figure = number | null | undefined;

/** A place's figures, whichever way they came. */
export interface PlaceFigures {
  readonly kind: string;
  readonly code: string;
  readonly name: string;
  readonly population: Figure;
  readonly beyond: Figure;
  readonly beyondShare: Figure;
  readonly median: Figure;
  readonly p90: Figure | 'unasked';
  readonly venues: Figure;
  readonly fragility: Figure;
  readonly fragilityPublished: Figure;
  readonly apl: Figure;
  readonly nearest: string | null | undefined;
  readonly edge: boolean;
  readonly method: string | null;
}

/** How times were found on the map, and what is found from the point that was clicked. */
export interface Ground {
  readonly times: Times;
  /** Whether an unknown time means that no road leads there. */
  readonly stranded: boolean;
  /** The cell under the point, where the place is wider. */
  readonly cell: PlaceFigures | null;
  /** Undefined while it is fetched, null where there is none; not asked where a click is too wide for a point. */
  readonly way: Way | null | undefined | 'failed' | 'unasked';
}

/** Attributes are whatever the server wrote: each is checked before it is trusted. More are `coming`, or those are all. */
export function placeOf(kind: string, attributes: Readonly<Record<string, unknown>>, coming = false): PlaceFigures {
  const missing = coming ? undefined : null;
  const numeric = (name: string): Figure => (typeof attributes[name] === 'number' ? attributes[name] : attributes[name] === null ? null : missing);
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
    fragilityPublished: numeric('fragility_published'),
    apl: numeric('apl'),
    nearest: text('nearest_venue') ?? missing,
    edge: attributes['edge'] === true || attributes['edge'] === 1,
    method: text('method'),
  };
}

/** What is still awaited will not come. */
export function final(figures: PlaceFigures): PlaceFigures {
  const known = Object.entries(figures).map(([name, value]) => [name, value === undefined && name !== 'p90' ? null : value]);
  return Object.fromEntries(known) as unknown as PlaceFigures;
}

function kindWords(kind: string): string {
  const key = `kind.${kind}`;
  return hasWording(key) ? say(key) : kind;
}

export interface PlaceActions {
  readonly onClose: () => void;
  /** To ask about the place alone, or besides what is asked about; null where it cannot be. */
  readonly onOnly: (() => void) | null;
  readonly onAdd: (() => void) | null;
}

export function showPlace(
  place: PlaceFigures,
  question: Question,
  ground: Ground,
  actions: PlaceActions,
): void {
  const row = (words: Wording | string, value: string | null | undefined, kind = 'figure'): HTMLElement[] => [
    element('dt', { class: kind }, hasWording(words) ? say(words) : words),
    element('dd', { class: kind }, value === undefined ? '…' : (value ?? say('unknown'))),
  ];
  const known = <T>(value: T | null | undefined, write: (value: T) => string): string | null | undefined =>
    value === null || value === undefined ? value as null | undefined : write(value);

  const how = (who: PlaceFigures): string => methodInWords(methodOf(who.method, ground.times, who.kind === 'cell' ? 'one' : 'many'));
  const median = (who: PlaceFigures): string | null | undefined =>
    who.median === null && ground.stranded && typeof who.beyondShare === 'number' ? say('place.noRoad') : known(who.median, minutes);
  const title = place.kind === 'cell' && place.name !== '' ? say('place.cellIn', { name: place.name }) : place.name || place.code;
  const population = typeof place.population !== 'number' ? '' : count(place.population, say('inhabitant.one'), say('inhabitant.several'));
  const subtitle = [place.kind === 'cell' ? '' : kindWords(place.kind), population].filter((text) => text !== '').join(' · ');
  const figures = element(
    'dl',
    {},
    ...row(say('place.beyond', { minutes: minutes(question.minutes) }), known(place.beyond, number)),
    ...row('place.share', known(place.beyondShare, percent)),
    ...row(how(place) === '' ? 'place.median' : say('place.median.how', { method: how(place) }), median(place)),
    ...(place.kind === 'cell' || place.p90 === 'unasked' ? [] : row('place.p90', known(place.p90, minutes))),
    ...(place.kind === 'cell' ? [] : row('place.venues', known(place.venues, number))),
    ...row('place.fragility', known(place.fragility, (value) => say('place.outOfTen', { value: number(value, 1) }))),
    // Beside ours, and only where it is published: a build without it has no such line.
    ...(typeof place.fragilityPublished !== 'number'
      ? []
      : row('place.fragility.published', say('place.outOfTen', { value: number(place.fragilityPublished, 1) }))),
    // A count of venues says little of the help there is; both are shown where hours are known.
    ...(typeof place.apl !== 'number' ? [] : row('place.apl', say('place.apl.value', { hours: number(place.apl, 1) }))),
    ...row('place.nearest', place.nearest, 'nearest'),
  );
  const here = element(
    'dl',
    { class: 'here' },
    ...(ground.cell === null ? [] : row(say('place.cell', { method: how(ground.cell) }), median(ground.cell))),
    ...wayLines(ground.way),
  );
  const card = part('place');
  // What has the focus keeps it, when figures come after it.
  const focused = card.contains(document.activeElement) ? document.activeElement?.className : undefined;
  card.replaceChildren(closeButton(actions.onClose), element('h2', { id: 'place-title' }, title), element('p', { class: 'quiet' }, subtitle), figures);
  if (here.childElementCount > 0) card.append(here);
  if (place.edge) card.append(element('p', { class: 'quiet' }, say('place.edge')));
  for (const [onClick, words] of [[actions.onOnly, 'place.choose'], [actions.onAdd, 'place.add']] as const) {
    if (onClick === null) continue;
    const choose = element('button', { type: 'button', class: `choose ${words === 'place.add' ? 'add' : 'only'}` }, say(words));
    choose.addEventListener('click', onClick);
    card.append(choose);
  }
  card.hidden = false;
  if (focused) card.querySelector<HTMLElement>(`button.${focused.replaceAll(' ', '.')}`)?.focus();
}

function wayLines(way: Ground['way']): HTMLElement[] {
  const lines = (first: string, ...others: HTMLElement[]): HTMLElement[] => [
    element('dt', { class: 'nearest' }, say('way.title')),
    element('dd', { class: 'nearest' }, first),
    ...others,
  ];
  if (way === 'unasked') return [];
  if (way === undefined) return lines('…');
  if (way === null) return lines(say('way.none'));
  if (way === 'failed') return lines(say('way.unknown'));
  const time = say('way.time', { minutes: minutes(way.minutes), method: methodInWords(methodOf(way.method, 'routed', 'one')) });
  const legs = wayInWords(way.legs);
  return lines(way.name, element('dd', { class: 'legs' }, element('strong', {}, time), ...(legs === '' ? [] : [`\u202f: ${legs}`])));
}

/** What closes a card, whatever it tells about. */
export function closeButton(onClose: () => void): HTMLButtonElement {
  const close = element('button', { type: 'button', class: 'close', 'aria-label': say('place.close') }, '×');
  close.addEventListener('click', onClose);
  return close;
}

/** The focus, were it in the card, goes to the map, or to the answer where there is none. */
export function hidePlace(): void {
  const card = part('place');
  const isFocused = card.contains(document.activeElement);
  card.hidden = true;
  if (isFocused) (document.querySelector<HTMLElement>('#map canvas') ?? part('answer')).focus();
}
