// How a territory is framed: whole, and clear of what floats over the map.
import type { CameraOptions, Map as MapLibre, PaddingOptions } from 'maplibre-gl';
import { part } from './element.ts';
import type { Bounds } from './server.ts';

/** The part of a zoom level by which a territory may be cropped for its communes to be seen. */
const croppable = 0.4;
/** The part of a zoom level that a territory may lose to stand beside the legend rather than under it. */
const yieldable = 0.25;
const closest = 12;

/** The view of a box in degrees, or none where the map has no room; communes are drawn from a zoom on. */
export function framed(map: MapLibre, [west, south, east, north]: Bounds, communesFrom: number): CameraOptions | null {
  const within = (legend: number): CameraOptions | undefined =>
    map.cameraForBounds([west, south, east, north], { padding: padding(legend), maxZoom: closest });
  const [whole, beside] = [within(0), within(legendWidth())];
  if (whole?.zoom === undefined) return null;
  const yielded = beside?.zoom === undefined ? Infinity : whole.zoom - beside.zoom;
  const [camera, zoom] = yielded <= yieldable ? [beside, whole.zoom - yielded] : [whole, whole.zoom];
  const isCropped = zoom < communesFrom && communesFrom - zoom <= croppable;
  return { ...camera, zoom: isCropped ? communesFrom : zoom };
}

/** On a phone the sheet covers the lower part of the map: what is shown must be shown above it. */
function padding(legend: number): PaddingOptions {
  const sheet = sheetHeight();
  // Above, the tools and the hint float; on a phone the search field too, and the folded legend stands on the sheet.
  return { top: sheet === 0 ? 60 : 150, bottom: sheet === 0 ? 44 : sheet + 80, left: 32, right: 32 + legend };
}

/** In pixels; none beside a wide map. */
function sheetHeight(): number {
  const covered = getComputedStyle(document.documentElement).getPropertyValue('--sheet-covers').trim();
  return covered === '' ? 0 : (Number.parseFloat(covered) / 100) * innerHeight;
}

/** What the open legend takes of the width, in pixels. */
function legendWidth(): number {
  const legend = part<HTMLDetailsElement>('legend');
  return legend.open ? legend.offsetWidth : 0;
}
