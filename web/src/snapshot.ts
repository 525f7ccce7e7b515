// The map as an image, finer than the screen shows it.
import type { Map as MapLibre } from 'maplibre-gl';

export interface Snapshot {
  readonly image: HTMLCanvasElement;
  /** On the screen, in the points of the page. */
  readonly width: number;
  readonly height: number;
}

/** How many pixels of an image stand for a point of the screen. */
export const fineness = 2;
// A tile that never comes must not keep a reader waiting for ever.
const patience = 10_000;

export async function snapshot(map: MapLibre): Promise<Snapshot> {
  if (!map.loaded() || map.isMoving()) await Promise.race([map.once('idle'), new Promise((late) => setTimeout(late, patience))]);
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const image = document.createElement('canvas');
  image.width = width * fineness;
  image.height = height * fineness;
  const usual = map.getPixelRatio();
  // Drawn and read within one task: after it the browser takes what WebGL has drawn, and the screen sees only the last.
  map.setPixelRatio(fineness);
  map.redraw();
  image.getContext('2d')?.drawImage(map.getCanvas(), 0, 0, image.width, image.height);
  map.setPixelRatio(usual);
  map.redraw();
  return { image, width, height };
}
