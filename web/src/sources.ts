// Where the figures come from, and what to beware of.
import { element, part } from './element.ts';
import { typeset } from './french.ts';
import type { Diagnosis } from './server.ts';
import { say } from './wording.ts';

export function showSources({ sources, warnings }: Diagnosis): void {
  part('sources').replaceChildren(
    ...sources.map(({ name, vintage, licence }) =>
      element('li', {}, licence ? say('source.licence', { name, vintage, licence }) : say('source', { name, vintage })),
    ),
  );
  // Tables of one reference are told apart in the list above, not on the map.
  const required = new Set<string>();
  const credits = new Set<string>();
  for (const { name, vintage, licence } of sources) {
    // Roads come from OpenStreetMap, under whatever name a user gave their extract.
    if (licence?.includes('ODbL')) required.add(say('attribution.osm'));
    if (!/openstreetmap/i.test(name)) credits.add(say('source', { name: name.split(/\s+:\s/)[0] ?? name, vintage }));
  }
  // What a licence wants shown on the map is shown on a phone's too.
  part('attribution').replaceChildren(
    ...[...required].map((credit) => element('span', { class: 'required' }, credit)),
    element('span', {}, [...credits, say('attribution.map')].join(' · ')),
  );
  part('warnings-part').hidden = warnings.length === 0;
  part('warnings').replaceChildren(...warnings.map(({ message }) => element('li', {}, typeset(message))));
}
