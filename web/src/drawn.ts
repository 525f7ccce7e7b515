// What explains a number on the map: the way from a clicked point, or the isochrones of a clicked venue.
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Bounds, Isochrone, Way } from './server.ts';
import { isochroneColours } from './venue.ts';

export interface Drawn {
  readonly data: FeatureCollection;
  /** What must be in sight. */
  readonly bounds: Bounds;
  /** Whether it covers the areas, which then step back. */
  readonly covers: boolean;
}

export const drawnSource = 'drawn';

/** A blue in none of the metrics' ramps. */
const routeInk = '#1740b8';
const paper = '#ffffff';

/** The box around some positions. */
export function bounds(positions: readonly Position[]): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of positions) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  return [west, south, east, north];
}

/** Null where the time is estimated: a straight line would pass for a way. */
export function drawWay(way: Way, from: readonly [number, number]): Drawn | null {
  const [start] = way.route?.coordinates ?? [];
  if (way.route === null || start === undefined) return null;
  const line = (part: string, coordinates: Position[]): Feature => ({ type: 'Feature', properties: { part }, geometry: { type: 'LineString', coordinates } });
  const features: Feature[] = [
    line('walk', [[...from], start]),
    line('ride', way.route.coordinates),
    { type: 'Feature', properties: { part: 'from' }, geometry: { type: 'Point', coordinates: [...from] } },
  ];
  return { data: { type: 'FeatureCollection', features }, bounds: bounds([[...from], ...way.route.coordinates]), covers: false };
}

/** The nearest on top of the others; the first alone must be in sight. */
export function drawIsochrones(isochrones: readonly Isochrone[], at: readonly [number, number]): Drawn {
  const features = isochrones.map(({ geometry }, rank): Feature => ({ type: 'Feature', properties: { part: 'reach', rank }, geometry }));
  features.push({ type: 'Feature', properties: { part: 'to' }, geometry: { type: 'Point', coordinates: [...at] } });
  const first = isochrones[0]?.geometry;
  const rings = first?.type === 'MultiPolygon' ? first.coordinates.flat(2) : [];
  return { data: { type: 'FeatureCollection', features }, bounds: bounds([[...at], ...rings]), covers: true };
}

/** The corners of ground being drawn; the side that would close it is dashed. */
export function drawOutline(corners: readonly (readonly [lon: number, lat: number])[]): Drawn {
  const line = (part: string, coordinates: Position[]): Feature => ({ type: 'Feature', properties: { part }, geometry: { type: 'LineString', coordinates } });
  const points = corners.map(([lon, lat]): Position => [lon, lat]);
  const [first, last] = [points[0], points.at(-1)];
  const features = points.map((coordinates): Feature => ({ type: 'Feature', properties: { part: 'from' }, geometry: { type: 'Point', coordinates } }));
  if (points.length > 1) features.push(line('ride', points));
  if (points.length > 2 && first !== undefined && last !== undefined) features.push(line('walk', [last, first]));
  return { data: { type: 'FeatureCollection', features }, bounds: bounds(points), covers: false };
}

/** Layers of what is drawn, to be laid under the venues. */
export function drawnLayers(): LayerSpecification[] {
  const part = (name: string): ['==', ['get', string], string] => ['==', ['get', 'part'], name];
  const [near, middle, far] = isochroneColours;
  const colour: ExpressionSpecification = ['match', ['get', 'rank'], 0, near, 1, middle, far];
  const rounded = { 'line-join': 'round', 'line-cap': 'round' } as const;
  const source = drawnSource;
  return [
    {
      id: 'drawn-reach', type: 'fill', source, filter: part('reach'),
      layout: { 'fill-sort-key': ['-', 0, ['get', 'rank']] },
      paint: { 'fill-color': colour, 'fill-opacity': 0.6 },
    },
    {
      id: 'drawn-reach-edge', type: 'line', source, filter: part('reach'),
      layout: rounded, paint: { 'line-color': near, 'line-width': 1.2 },
    },
    { id: 'drawn-ride-under', type: 'line', source, filter: part('ride'), layout: rounded, paint: { 'line-color': paper, 'line-width': 8 } },
    { id: 'drawn-ride', type: 'line', source, filter: part('ride'), layout: rounded, paint: { 'line-color': routeInk, 'line-width': 4.5 } },
    {
      id: 'drawn-walk', type: 'line', source, filter: part('walk'),
      paint: { 'line-color': routeInk, 'line-width': 2.5, 'line-dasharray': [1.2, 1.2] },
    },
    {
      id: 'drawn-from', type: 'circle', source, filter: part('from'),
      paint: { 'circle-radius': 5.5, 'circle-color': paper, 'circle-stroke-color': routeInk, 'circle-stroke-width': 3 },
    },
    {
      id: 'drawn-to', type: 'circle', source, filter: part('to'),
      paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 6, 14, 11], 'circle-color': paper, 'circle-stroke-color': '#14202b', 'circle-stroke-width': 2.5 },
    },
  ];
}
