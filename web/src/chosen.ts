// A row of the table as a place of the map: its card needs no click, and so no map either.
import type { Feature } from 'geojson';
import { kinds, levelOf, type Level } from './columns.ts';
import { bounds } from './drawn.ts';
import type { Clicked } from './map.ts';
import type { Bounds } from './server.ts';
import type { Spot } from './spot.ts';

/** The tiles a clicked place came from; one from the table came from none. */
export const fromTable = '';

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

/** How a link says the place; null where no link finds it again. */
export function spotOf({ kind, source, attributes, at }: Clicked): Spot | null {
  if (source !== fromTable) return { at };
  const level = levelOf(kind);
  return level && { level, code: String(attributes['code'] ?? '') };
}
