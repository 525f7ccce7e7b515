// Where the figures come from, what to beware of, and the same answer as files.
import { element, part } from './element.ts';
import { typeset } from './french.ts';
import type { Question } from './question.ts';
import { downloadPath, reportPath, type Diagnosis } from './server.ts';
import { site } from './site.ts';
import { say, type Wording } from './wording.ts';

const layers: readonly [layer: string, words: Wording][] = [
  ['zones', 'download.zones'],
  ['communes', 'download.communes'],
];
const formats = [
  ['gpkg', 'GeoPackage', 'gpkg'],
  ['geojson', 'GeoJSON', 'geojson'],
  ['fgb', 'FlatGeobuf', 'fgb'],
  ['csv', 'CSV', 'csv'],
] as const;

export function showDownloads(question: Question): void {
  const rows = layers.map(([layer, words]) =>
    element(
      'p',
      { class: 'download' },
      element('span', {}, say(words)),
      ...formats.flatMap(([format, label, extension]) => {
        const href = downloadPath(layer, format, question);
        const named = say('download.link', { layer: say(words), format: label });
        return href === null ? [] : [element('a', { href, download: fileName(layer, extension, question), 'aria-label': named }, label)];
      }),
    ),
  );
  const report = element('a', { class: 'report', href: reportPath(question), target: '_blank', rel: 'noopener' }, say('download.report'));
  if (site !== null) part('downloads-note').textContent = say('site.files');
  part('downloads').replaceChildren(report, ...rows);
}

/** A file found again in a downloads folder months later must still say what it answers. */
function fileName(layer: string, extension: string, question: Question): string {
  const where = question.territories.map((id) => id.replace(/[^\w]+/g, '-'));
  return ['maillage', layer, ...where, question.mode, `${question.minutes}min`].join('_').slice(0, 120) + `.${extension}`;
}

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
