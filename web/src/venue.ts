// The card of a clicked venue: what it is, and how many people come to it within 10, 20 and 30 minutes.
import { element, part } from './element.ts';
import { count, minutes } from './french.ts';
import { closeButton } from './place.ts';
import type { Mode } from './question.ts';
import type { Isochrone, Times } from './server.ts';
import { methodOf } from './way.ts';
import { say } from './wording.ts';

/** From the darkest, the nearest: the venues' own green, in none of the metrics' ramps. */
export const isochroneColours = ['#0b6e4f', '#4fa386', '#a9d3c2'] as const;
export const isochroneMinutes = [10, 20, 30] as const;

export interface VenueFacts {
  readonly id: string;
  readonly name: string;
  readonly commune: string;
  readonly address: string;
}

/** Tile attributes are whatever the server wrote: each is checked before it is trusted. */
export function venueFromTile(attributes: Readonly<Record<string, unknown>>): VenueFacts {
  const text = (name: string): string => (typeof attributes[name] === 'string' ? attributes[name] : '');
  return { id: text('code'), name: text('name'), commune: text('commune'), address: text('address') };
}

/** « 124 000 habitants à moins de 10 min ». */
export function withinInWords({ properties }: Isochrone): string {
  const people = count(properties.population, say('inhabitant.one'), say('inhabitant.several'));
  return say('venue.within', { people, minutes: minutes(properties.minutes) });
}

/** `reached` is undefined while it is fetched. */
export function showVenue(
  venue: VenueFacts,
  mode: Mode,
  times: Times,
  reached: readonly Isochrone[] | undefined | 'failed' | 'unasked',
  onClose: () => void,
): void {
  const line = (words: string): HTMLElement[] => (words === '' ? [] : [element('p', { class: 'quiet' }, words)]);
  const subtitle = [say('legend.venue'), venue.commune].filter((words) => words !== '').join(' · ');
  part('place').replaceChildren(
    closeButton(onClose),
    element('h2', { id: 'place-title' }, venue.name),
    ...line(subtitle),
    ...line(venue.address),
    ...(reached === 'unasked' ? [] : [element('h3', {}, say('venue.reach', { by: say(`by.${mode}`) }))]),
    ...(reached === undefined ? line('…') : reached === 'unasked' ? line(say('site.venue')) : reached === 'failed' ? line(say('venue.reach.unknown')) : [reachList(reached), ...line(howInWords(reached, times))]),
  );
  part('place').hidden = false;
}

function reachList(reached: readonly Isochrone[]): HTMLElement {
  const items = reached.map((isochrone, rank) => {
    const swatch = element('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.background = isochroneColours[rank] ?? '';
    return element('li', {}, swatch, withinInWords(isochrone));
  });
  return element('ul', { class: 'reach' }, ...items);
}

/** One estimated time among those counted makes them partly estimated. */
function howInWords(reached: readonly Isochrone[], times: Times): string {
  const least = reached.every(({ properties }) => properties.method === 'routed') ? 'routed' : 'estimated';
  const method = methodOf(least, times, 'many');
  return method === null ? '' : say(`venue.times.${method}`);
}
