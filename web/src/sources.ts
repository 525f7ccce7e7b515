// Where the figures come from, and what to beware of.
import { element, part } from './element.ts';
import { typeset } from './french.ts';
import type { Diagnosis, MapStyle, Source } from './server.ts';
import { say } from './wording.ts';

/** What must be credited beside a map: first what a licence wants so. */
export function credits(sources: readonly Source[]): { readonly required: readonly string[]; readonly others: readonly string[] } {
  // Tables of one reference are told apart in the list of the page, not on the map.
  const required = new Set<string>();
  const others = new Set<string>();
  for (const { name, vintage, licence } of sources) {
    // Roads come from OpenStreetMap, under whatever name a user gave their extract.
    if (licence?.includes('ODbL')) required.add(say('attribution.osm'));
    if (!/openstreetmap/i.test(name)) others.add(say('source', { name: name.split(/\s+:\s/)[0] ?? name, vintage }));
  }
  return { required: [...required], others: [...others] };
}

/** Beside the map, from the moment there is one: what appeared under the legend later would push it. */
export function showCredits(style: MapStyle): void {
  const { required, others } = credits(style.metadata['maillage:sources'] ?? []);
  // What a licence wants shown on the map is shown on a phone's too.
  part('attribution').replaceChildren(
    ...required.map((credit) => element('span', { class: 'required' }, credit)),
    element('span', {}, [...others, say('attribution.map')].join(' · ')),
  );
}

export function showSources({ sources, warnings }: Diagnosis): void {
  part('sources').replaceChildren(
    ...sources.map(({ name, vintage, licence }) =>
      element('li', {}, licence ? say('source.licence', { name, vintage, licence }) : say('source', { name, vintage })),
    ),
  );
  part('warnings-part').hidden = warnings.length === 0;
  part('warnings').replaceChildren(...warnings.map(({ message }) => element('li', {}, typeset(message))));
}
