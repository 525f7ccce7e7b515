// The map: draws the server's style, keeps our two outlines above it, and tells where one clicked.
import type { FeatureCollection, Geometry } from 'geojson';
import {
  Map as MapLibre,
  NavigationControl,
  setWorkerUrl,
  type IControl,
  type LayerSpecification,
  type MapGeoJSONFeature,
  type VectorTileSource,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { element } from './element.ts';
import { hatch, hatchName, hatchScale } from './hatch.ts';
import type { Camera } from './question.ts';
import type { Bounds, MapStyle } from './server.ts';
import { say } from './wording.ts';

setWorkerUrl(new URL(workerUrl, document.baseURI).href);

export interface Clicked {
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly at: readonly [lon: number, lat: number];
  readonly source: string;
  readonly layer: string;
}

export interface MapEvents {
  readonly onMove: (camera: Camera) => void;
  readonly onClick: (clicked: Clicked | null) => void;
  readonly onWhole: () => void;
  readonly onDrawn: () => void;
  readonly onTrouble: (reason: unknown) => void;
}

const outlineInk = '#14202b';
const croppable = 0.4;

export class MapView {
  readonly #map: MapLibre;
  #style: MapStyle;
  #styleReady = false;
  #zone: Geometry | null = null;
  #place: Clicked | null = null;

  constructor(style: MapStyle, start: Camera | Bounds, events: MapEvents) {
    this.#style = style;
    this.#map = new MapLibre({
      container: 'map',
      style: this.#composed(),
      minZoom: 3,
      maxZoom: 16,
      maxPitch: 0,
      dragRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      // Ours is written as text: MapLibre's would take the sources' attribution as markup.
      attributionControl: false,
      // Tiles are asked for inside a worker, where a relative address means something else.
      transformRequest: (url) => ({ url: new URL(url, document.baseURI).href }),
      locale: {
        'Map.Title': say('map.label'),
        'NavigationControl.ZoomIn': say('map.zoomIn'),
        'NavigationControl.ZoomOut': say('map.zoomOut'),
      },
    });
    if ('zoom' in start) this.jump(start);
    else this.fit(start, false);
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.setMissingStyleImageResolver((name) => {
      if (name === hatchName && !this.#map.hasImage(name)) this.#map.addImage(name, hatch(), { pixelRatio: hatchScale });
    });
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#map.addControl(wholeControl(events.onWhole), 'top-right');
    this.#map.on('style.load', () => {
      this.#styleReady = true;
      this.#apply();
    });
    this.#map.on('moveend', () => events.onMove(this.camera()));
    this.#map.on('idle', events.onDrawn);
    this.#map.on('error', ({ error }) => events.onTrouble(error));
    this.#map.on('click', ({ point, lngLat }) => events.onClick(this.#at([point.x, point.y], [lngLat.lng, lngLat.lat])));
  }

  camera(): Camera {
    const { lng, lat } = this.#map.getCenter();
    return { zoom: this.#map.getZoom(), lat, lon: lng };
  }

  show(style: MapStyle): void {
    this.#style = style;
    this.#apply();
  }

  jump({ lon, lat, zoom }: Camera): void {
    this.#map.jumpTo({ center: [lon, lat], zoom });
  }

  fit([west, south, east, north]: Bounds, animate = true): void {
    const camera = this.#map.cameraForBounds([west, south, east, north], { padding: this.#padding(), maxZoom: 12 });
    if (camera?.zoom === undefined) return;
    // A territory whose communes would appear a hair closer is better cropped than shown without them.
    const communesFrom = this.#style.layers.find((layer) => kindOf(layer) === 'commune')?.minzoom ?? 0;
    const zoom = camera.zoom < communesFrom && communesFrom - camera.zoom <= croppable ? communesFrom : camera.zoom;
    this.#map.easeTo({ ...camera, zoom, animate, duration: 700 });
  }

  outlineZone(geometry: Geometry | null): void {
    this.#zone = geometry;
    this.#apply();
  }

  outlinePlace(place: Clicked | null): void {
    this.#place = place;
    this.#apply();
  }

  /** Moves the map just enough that what was clicked is not behind the card that tells about it. */
  uncover({ at: [lon, lat] }: Clicked, card: DOMRect): void {
    const frame = this.#map.getContainer().getBoundingClientRect();
    const { x, y } = this.#map.project([lon, lat]);
    const [left, top] = [card.left - frame.left, card.top - frame.top];
    if (x < left || x > left + card.width || y < top || y > top + card.height) return;
    const beside = card.width < frame.width * 0.6;
    // As wide as the map, the card leaves room only above it.
    this.#map.panBy(beside ? [x - left - card.width - 60, 0] : [0, y - top + 60], { duration: 300 });
  }

  /** The same place again, once tiles that answer a new question are drawn. */
  againWhenDrawn({ at: [lon, lat] }: Clicked, then: (clicked: Clicked | null) => void): void {
    void this.#map.once('idle', () => {
      const { x, y } = this.#map.project([lon, lat]);
      then(this.#at([x, y], [lon, lat]));
    });
  }

  #at(pixel: [number, number], at: [number, number]): Clicked | null {
    const clicked = this.#map
      .queryRenderedFeatures(pixel)
      .map((feature) => ({ feature, kind: kindOf(feature.layer) }))
      .filter((one): one is { feature: MapGeoJSONFeature; kind: string } => one.kind !== null);
    // A cell lies over its commune, and the commune is the one people know by name.
    const chosen = clicked.find(({ kind }) => kind === 'commune') ?? clicked[0];
    if (chosen === undefined) return null;
    const { feature, kind } = chosen;
    return { kind, attributes: feature.properties, at, source: feature.source, layer: feature.sourceLayer ?? '' };
  }

  #apply(): void {
    if (!this.#styleReady) return;
    const next = this.#composed();
    // A changed address would make the style's diff drop the source and blank the map; asked of the source itself, the
    // old tiles stay until the new ones are there.
    for (const [id, wanted] of Object.entries(next.sources)) {
      const source = this.#map.getSource(id);
      if (wanted.type !== 'vector' || source?.type !== 'vector') continue;
      const vector = source as VectorTileSource;
      const now = vector.serialize() as { tiles?: string[]; url?: string };
      if (wanted.tiles && now.tiles && String(wanted.tiles) !== String(now.tiles)) vector.setTiles(wanted.tiles);
      if (wanted.url && now.url && wanted.url !== now.url) vector.setUrl(wanted.url);
    }
    this.#map.setStyle(next, { diff: true });
  }

  #composed(): MapStyle {
    const outlines: LayerSpecification[] = [];
    const nothing = { type: 'FeatureCollection', features: [] } as FeatureCollection;
    const sources = {
      ...this.#style.sources,
      'chosen-zone': { type: 'geojson' as const, data: this.#zone ?? nothing },
    };
    const stroke = (width: number, colour: string): Pick<LayerSpecification & { type: 'line' }, 'type' | 'layout' | 'paint'> => ({
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': width },
    });
    for (const [rank, width, colour] of [['under', 6, '#ffffff'], ['over', 2.5, outlineInk]] as const) {
      outlines.push({ id: `chosen-zone-${rank}`, source: 'chosen-zone', ...stroke(width, colour) });
      if (this.#place !== null && this.#place.source in sources) {
        outlines.push({
          id: `chosen-place-${rank}`,
          source: this.#place.source,
          'source-layer': this.#place.layer,
          filter: ['==', ['get', 'code'], String(this.#place.attributes['code'] ?? '')],
          ...stroke(width, colour),
        });
      }
    }
    const layers = [...this.#style.layers];
    // Close in only cells are drawn, yet a click should still find the commune: its shape is there, unseen.
    const communes = layers.find((layer) => kindOf(layer) === 'commune');
    if (communes?.type === 'fill' && communes.maxzoom !== undefined && communes.maxzoom < 24) {
      const { 'source-layer': sourceLayer = '', source, metadata, maxzoom } = communes;
      const paint = { 'fill-opacity': 0 };
      layers.push({ id: 'touch-communes', type: 'fill', source, 'source-layer': sourceLayer, metadata, minzoom: maxzoom, paint });
    }
    // Names stay above the outlines.
    const firstLabel = layers.findIndex((layer) => layer.type === 'symbol');
    layers.splice(firstLabel === -1 ? layers.length : firstLabel, 0, ...outlines);
    return { ...this.#style, sources, layers };
  }

  /** On a phone the sheet covers the lower part of the map: what is shown must be shown above it. */
  #padding(): { top: number; bottom: number; left: number; right: number } {
    const covered = getComputedStyle(document.documentElement).getPropertyValue('--sheet-covers').trim();
    const sheet = covered === '' ? 0 : (Number.parseFloat(covered) / 100) * innerHeight;
    // Above, the hint floats; on a phone the search field too, and the folded legend stands on the sheet.
    return { top: sheet === 0 ? 48 : 120, bottom: sheet === 0 ? 32 : sheet + 80, left: 32, right: 32 };
  }
}

function kindOf(layer: { metadata?: unknown }): string | null {
  const kind = (layer.metadata as Record<string, unknown> | undefined)?.['maillage:kind'];
  return typeof kind === 'string' ? kind : null;
}

function wholeControl(onWhole: () => void): IControl {
  const button = element('button', { type: 'button', class: 'whole', 'aria-label': say('map.whole'), title: say('map.whole') });
  button.addEventListener('click', onWhole);
  const group = element('div', { class: 'maplibregl-ctrl maplibregl-ctrl-group' }, button);
  return { onAdd: () => group, onRemove: () => group.remove() };
}
