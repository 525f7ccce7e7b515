// An online map under the areas, by choice only: without it the page calls no other host.
import type { Map as MapLibre, RasterLayerSpecification, RasterSourceSpecification } from 'maplibre-gl';
import { part } from './element.ts';
import type { BaseMap } from './question.ts';
import type { MapStyle } from './server.ts';
import { say } from './wording.ts';

const id = 'base-ign';
const asked = 'SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png';
const source: RasterSourceSpecification = {
  type: 'raster',
  tiles: [`https://data.geopf.fr/wmts?${asked}&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}`],
  tileSize: 256,
  maxzoom: 18,
};
// Grey, so that the classes keep their colours.
const layer: RasterLayerSpecification = { id, type: 'raster', source: id, paint: { 'raster-saturation': -1, 'raster-fade-duration': 0 } };
const areaOpacity = 0.65;
// One tile may be missing; so many in a row, with none between, and the service is.
const lostAfter = 3;

let shown = false;

/** Ticked, the box calls the service; unticked, nothing does. */
export function startBase(onChoose: (base: BaseMap | null) => void): void {
  box().addEventListener('change', () => {
    const base = box().checked ? 'ign' : null;
    showBase(base);
    onChoose(base);
  });
}

export function showBase(base: BaseMap | null): void {
  shown = base !== null;
  box().checked = shown;
  part('base-state').textContent = shown ? say('base.credit') : '';
}

export function isBaseShown(): boolean {
  return shown;
}

function box(): HTMLInputElement {
  return part<HTMLInputElement>('base');
}

/** The style with the map under its areas, which let it through. */
export function overBase(style: MapStyle): MapStyle {
  const [background, ...above] = style.layers;
  if (background?.type !== 'background') return style;
  const layers = above.map((one) =>
    one.type === 'fill' && one.paint?.['fill-pattern'] === undefined && one.paint?.['fill-opacity'] === undefined
      ? { ...one, paint: { ...one.paint, 'fill-opacity': areaOpacity } }
      : one,
  );
  return { ...style, sources: { ...style.sources, [id]: source }, layers: [background, layer, ...layers] };
}

/** Whether something a map tells is about its base map. */
export function isOfBase(event: object): boolean {
  return 'sourceId' in event && event.sourceId === id;
}

/** Tells once the service cannot be reached; the page goes on without, and the box, ticked again, tries again. */
export function watchBase(map: MapLibre, onLost: () => void): void {
  let missed = 0;
  map.on('sourcedata', (event) => {
    if (isOfBase(event) && event.tile !== undefined) missed = 0;
  });
  map.on('error', (event) => {
    if (!isOfBase(event) || !shown || ++missed < lostAfter) return;
    missed = 0;
    showBase(null);
    part('base-state').textContent = say('base.lost');
    onLost();
  });
}
