// A row of the table as a place of the map: its card needs no click, and so no map either.
import type { Feature } from 'geojson';
import { bounds } from './drawn.ts';
import type { Clicked } from './map.ts';
import type { Level } from './rows.ts';
import type { Bounds } from './server.ts';

/** The tiles a clicked place came from; one from the table came from none. */
export const fromTable = '';

/** What a card calls the rows of a level; zones have none. */
export const kinds: Readonly<Partial<Record<Level, string>>> = { communes: 'commune', epcis: 'epci', departements: 'departement' };

/** The box around a shape, none where no source draws it. */
export function boxOf({ geometry }: Pick<Feature, 'geometry'>): Bounds | null {
  const positions = geometry?.type === 'Polygon' ? geometry.coordinates.flat() : geometry?.type === 'MultiPolygon' ? geometry.coordinates.flat(2) : [];
  return positions.length === 0 ? null : bounds(positions);
}

/** Null for a zone, which has no card. */
export function clickedOf(level: Level, { properties, geometry }: Feature): Clicked | null {
  const kind = kinds[level];
  if (kind === undefined) return null;
  const [west, south, east, north] = boxOf({ geometry }) ?? [0, 0, 0, 0];
  return { kind, id: null, attributes: properties ?? {}, at: [(west + east) / 2, (south + north) / 2], cell: null, source: fromTable, layer: '', shape: geometry };
}
