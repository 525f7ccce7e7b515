// What the map's colours and marks mean, as a list. The page's legend and a saved picture both show it.
import type { MapStyle } from './server.ts';
import { say } from './wording.ts';

export type Mark =
  | { readonly kind: 'colour'; readonly colour: string }
  | { readonly kind: 'hatch'; readonly pattern: 'hatch' | 'hatch-estimated' }
  | { readonly kind: 'outline'; readonly colour: string | null; readonly dashed: boolean }
  | { readonly kind: 'venue'; readonly as: 'fits' | 'unknown' | 'other' | 'cluster' };

export interface Entry {
  readonly mark: Mark;
  readonly words: string;
  /** Of what a reader can take off the map. */
  readonly priority?: true;
}

/** `filtered` when the question asks something of venues. */
export function key({ metadata, layers }: MapStyle, filtered: boolean): readonly Entry[] {
  const legend = metadata['maillage:legend'];
  if (legend === undefined) return [];
  const colour = (value: string): Mark => ({ kind: 'colour', colour: value });
  const venue = (as: (Mark & { kind: 'venue' })['as'], words: string): Entry => ({ mark: { kind: 'venue', as }, words });
  const has = (id: string): boolean => layers.some((layer) => layer.id === id);
  const entries: Entry[] = legend.classes.map((one) => ({ mark: colour(one.colour), words: one.label }));
  if (legend.no_road) entries.push({ mark: colour(legend.no_road.colour), words: legend.no_road.label });
  entries.push({ mark: colour(legend.no_data.colour), words: legend.no_data.label || say('legend.noData') });
  if (legend.estimated_hatch) entries.push({ mark: { kind: 'hatch', pattern: 'hatch-estimated' }, words: legend.estimated_hatch });
  if (legend.hatch !== null) entries.push({ mark: { kind: 'hatch', pattern: 'hatch' }, words: legend.hatch });
  entries.push({ mark: outline(layers, 'zones-line', false), words: say('legend.zone') });
  if (has('priority-quarters')) {
    entries.push({ mark: outline(layers, 'priority-quarters', false), words: say('legend.quarter'), priority: true });
    entries.push({ mark: outline(layers, 'priority-rural', true), words: say('legend.rural'), priority: true });
  }
  entries.push(venue('fits', say(filtered ? 'legend.venue.fits' : 'legend.venue')));
  // From afar venues are circles with their number.
  if (has('venue-clusters')) entries.push(venue('cluster', say(filtered ? 'legend.cluster.fits' : 'legend.cluster')));
  if (filtered) entries.push(venue('unknown', say('legend.venue.unknown')), venue('other', say('legend.venue.other')));
  return entries;
}

/** What a legend says of how its times were found. */
export function methodOf({ metadata }: MapStyle): string {
  const legend = metadata['maillage:legend'];
  return legend?.method_label ?? (legend?.estimated === true ? say('legend.estimated') : '');
}

/** A stroke is the style's to choose. */
function outline(layers: MapStyle['layers'], id: string, dashed: boolean): Mark {
  const layer = layers.find((one) => one.id === id);
  const colour = layer?.type === 'line' ? layer.paint?.['line-color'] : undefined;
  return { kind: 'outline', colour: typeof colour === 'string' ? colour : null, dashed };
}
