// A row of the table as a place of the map: its card needs no click, and so no map either.
import type { Feature, Position } from 'geojson';
import type { Clicked } from './map.ts';
import type { Level } from './rows.ts';
import type { Bounds } from './server.ts';

/** The tiles a clicked place came from; one from the table came from none. */
export const fromTable = '';

const kinds: Readonly<Partial<Record<Level, string>>> = { communes: 'commune', epcis: 'epci', departements: 'departement' };

/** The box around a shape, none where no source draws it. */
export function boxOf({ geometry }: Feature): Bounds | null {
  const positions: Position[] = geometry?.type === 'Polygon' ? geometry.coordinates.flat() : geometry?.type === 'MultiPolygon' ? geometry.coordinates.flat(2) : [];
  if (positions.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of positions) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  return [west, south, east, north];
}

/** Null for a zone, which has no card. */
export function clickedOf(level: Level, { properties }: Feature, box: Bounds | null): Clicked | null {
  const kind = kinds[level];
  if (kind === undefined) return null;
  const [west, south, east, north] = box ?? [0, 0, 0, 0];
  return { kind, id: null, attributes: properties ?? {}, at: [(west + east) / 2, (south + north) / 2], cell: null, source: fromTable, layer: '' };
}
