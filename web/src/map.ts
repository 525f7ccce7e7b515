// The map: draws the server's style, keeps what was chosen or explained above it, and tells where one clicked.
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
import { isOfBase, overBase, watchBase } from './basemap.ts';
import { drawnLayers, drawnSource, type Drawn } from './drawn.ts';
import { element } from './element.ts';
import { framed } from './framing.ts';
import { hatch, hatchScale } from './hatch.ts';
import type { Paint } from './paint.ts';
import { cameraHash, type Camera, type Setting } from './question.ts';
import type { Bounds, MapStyle } from './server.ts';
import { snapshot, type Snapshot } from './snapshot.ts';
import { say } from './wording.ts';

setWorkerUrl(new URL(workerUrl, document.baseURI).href);

export interface Clicked {
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Its identifier in its layer, null where it has none. */
  readonly id: number | null;
  readonly at: readonly [lon: number, lat: number];
  /** The cell under the point, when the place is wider. */
  readonly cell: { readonly id: number | null; readonly attributes: Readonly<Record<string, unknown>> } | null;
  readonly source: string;
  readonly layer: string;
  /** Of a place that no tile outlines. */
  readonly shape?: Geometry;
}

/** A layer of areas, and the source it is in. */
export interface Level {
  readonly layer: string;
  readonly source: string;
}

export interface MapEvents {
  /** What is in sight may have changed. */
  readonly onRest: () => void;
  /** Features lost their colours: the style was made anew. */
  readonly onStyle: () => void;
  readonly onMove: (camera: Camera) => void;
  readonly onClick: (clicked: Clicked | null) => void;
  /** Every click first; true where it was for something else than what lies there. */
  readonly onPoint: (at: readonly [lon: number, lat: number]) => boolean;
  readonly onWhole: () => void;
  readonly onDrawn: () => void;
  readonly onBaseLost: () => void;
  readonly onTrouble: (reason: unknown) => void;
}

const outlineInk = '#14202b';
// Of a slow machine, in milliseconds.
const longestFrame = 300;
// Half the side of the square around a click in which a venue is hit: a finger is wider than a point.
const venueReach = 6;
// Before cells are drawn, venues are dots on the communes one means to click.
const venuesFrom = 10;

export class MapView {
  readonly #map: MapLibre;
  #style: MapStyle;
  #styleReady = false;
  #zone: Geometry | null = null;
  #place: Clicked | null = null;
  #drawn: Drawn | null = null;
  #priority = true;
  #based = false;
  readonly #events: MapEvents;
  #isLed = false;
  #told: string;

  constructor(container: string, title: string, style: MapStyle, start: Camera | Bounds, events: MapEvents) {
    this.#style = style;
    this.#events = events;
    this.#map = new MapLibre({
      container,
      style: this.#composed(),
      minZoom: 3,
      maxZoom: 16,
      maxPitch: 0,
      dragRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      // A name that fades in has the whole map drawn again for a third of a second.
      fadeDuration: 0,
      // Ours is written as text: MapLibre's would take the sources' attribution as markup.
      attributionControl: false,
      // Tiles are asked for inside a worker, where a relative address means something else.
      // Those of a site's archive have no place of their own.
      transformRequest: (url) => ({ url: url.startsWith('archive:') ? url : new URL(url, document.baseURI).href }),
      locale: {
        'Map.Title': title,
        'NavigationControl.ZoomIn': say('map.zoomIn'),
        'NavigationControl.ZoomOut': say('map.zoomOut'),
        'CooperativeGesturesHandler.WindowsHelpText': say('embed.scroll'),
        'CooperativeGesturesHandler.MacHelpText': say('embed.scrollMac'),
        'CooperativeGesturesHandler.MobileHelpText': say('embed.fingers'),
      },
    });
    if ('zoom' in start) this.jump(start);
    else this.fit(start, false);
    this.#told = cameraHash(this.camera());
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.setMissingStyleImageResolver((name) => {
      const drawn = this.#map.hasImage(name) ? null : hatch(name);
      if (drawn !== null) this.#map.addImage(name, drawn, { pixelRatio: hatchScale });
    });
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#map.addControl(wholeControl(events.onWhole), 'top-right');
    this.#map.on('style.load', () => {
      this.#styleReady = true;
      this.#apply();
      events.onStyle();
    });
    this.#map.on('moveend', () => this.#isLed || this.#rest());
    this.#map.on('idle', events.onDrawn);
    this.#map.on('error', (event) => isOfBase(event) || events.onTrouble(event.error));
    watchBase(this.#map, events.onBaseLost);
    this.#map.on('click', ({ point, lngLat }) => {
      if (events.onPoint([lngLat.lng, lngLat.lat])) return;
      if (!this.#opened([point.x, point.y])) events.onClick(this.#at([point.x, point.y], [lngLat.lng, lngLat.lat]));
    });
  }

  camera(): Camera {
    const { lng, lat } = this.#map.getCenter();
    return { zoom: this.#map.getZoom(), lat, lon: lng };
  }

  bounds(): Bounds {
    const [[west, south], [east, north]] = this.#map.getBounds().toArray() as [[number, number], [number, number]];
    return [west, south, east, north];
  }

  /** The layers of areas, each drawn between two zooms of its own. */
  levels(): readonly Level[] {
    return this.#areas().map(({ source, 'source-layer': layer = '' }) => ({ source, layer }));
  }

  /** The one drawn now. */
  level(): Level | null {
    const zoom = this.#map.getZoom();
    const drawn = this.#areas().find(({ minzoom = 0, maxzoom = 24 }) => zoom >= minzoom && zoom < maxzoom);
    return drawn ? { source: drawn.source, layer: drawn['source-layer'] ?? '' } : null;
  }

  /** Gives a feature of a layer its colour, or takes it. */
  paint({ source, layer }: Level, id: number, paint: Paint | null): void {
    const feature = { source, sourceLayer: layer, id };
    if (paint === null) this.#map.removeFeatureState(feature);
    else this.#map.setFeatureState(feature, paint);
  }

  isPainted({ source, layer }: Level, id: number): boolean {
    return Object.keys(this.#map.getFeatureState({ source, sourceLayer: layer, id }) ?? {}).length > 0;
  }

  show(style: MapStyle): void {
    this.#style = style;
    this.#apply();
  }

  /** Moves as another does, and has that one move as this one, until what it returns is called. */
  follow(other: MapView): () => void {
    const lead = (from: MapView, to: MapView): (() => void) => {
      const moved = from.#map.on('move', () => {
        if (from.#isLed) return;
        to.#isLed = true;
        to.jump(from.camera());
        to.#isLed = false;
      });
      const rested = from.#map.on('moveend', () => from.#isLed || to.#rest());
      return () => [moved, rested].forEach((one) => one.unsubscribe());
    };
    const both = [lead(this, other), lead(other, this)];
    this.jump(other.camera());
    return () => both.forEach((part) => part());
  }

  /** Where it stands and what is in sight, told once a move has ended: of a map that follows, not at each of its steps. */
  #rest(): void {
    // A new size, or a picture taken, ends a move that went nowhere.
    const hash = cameraHash(this.camera());
    if (hash !== this.#told) this.#events.onMove(this.camera());
    this.#told = hash;
    this.#events.onRest();
  }

  /** After the next picture of the map; a hidden page draws none, and nothing waits for it. */
  async redrawn(): Promise<void> {
    this.#map.triggerRepaint();
    await Promise.race([this.#map.once('render'), new Promise((late) => setTimeout(late, longestFrame))]);
  }

  remove(): void {
    this.#map.remove();
  }

  jump({ lon, lat, zoom }: Camera): void {
    this.#map.jumpTo({ center: [lon, lat], zoom });
  }

  fit(bounds: Bounds, animate = true): void {
    const communesFrom = this.#style.layers.find((layer) => kindOf(layer) === 'commune')?.minzoom ?? 0;
    const camera = framed(this.#map, bounds, communesFrom);
    if (camera !== null) this.#map.easeTo({ ...camera, animate, duration: 700 });
  }

  /** What a link asks of the map beside its question. */
  dress({ embed, base, priority }: Pick<Setting, 'embed' | 'base' | 'priority'>): void {
    // Inside a page, the wheel and one finger are the page's.
    if (embed) this.#map.cooperativeGestures.enable();
    this.#based = base !== null;
    this.#priority = priority;
    this.#apply();
  }

  picture(): Promise<Snapshot> {
    return snapshot(this.#map);
  }

  outlineZone(geometry: Geometry | null): void {
    if (geometry === null && this.#zone === null) return;
    this.#zone = geometry;
    this.#apply();
  }

  outlinePlace(place: Clicked | null): void {
    if (place === null && this.#place === null) return;
    this.#place = place;
    this.#apply();
  }

  /** Draws what explains a number, and steps back just enough to show it beside the card that tells about it. */
  explain(drawn: Drawn | null, card?: DOMRect): void {
    if (drawn === null && this.#drawn === null) return;
    this.#drawn = drawn;
    this.#apply();
    if (drawn === null || card === undefined) return;
    const [west, south, east, north] = drawn.bounds;
    const frame = this.#map.getContainer().getBoundingClientRect();
    const beside = card.width < frame.width * 0.6;
    const padding = { top: 60, right: 60, left: beside ? card.right - frame.left + 40 : 40, bottom: beside ? 60 : frame.bottom - card.top + 40 };
    const seen = [[west, south], [west, north], [east, south], [east, north]].every(([lon = 0, lat = 0]) => {
      const { x, y } = this.#map.project([lon, lat]);
      return x >= padding.left && x <= frame.width - padding.right && y >= padding.top && y <= frame.height - padding.bottom;
    });
    if (seen) return;
    const camera = this.#map.cameraForBounds([west, south, east, north], { padding, maxZoom: this.#map.getZoom() });
    if (camera !== undefined) this.#map.easeTo({ ...camera, duration: 500 });
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

  /** What is at a place, once tiles that answer the question are drawn. */
  againWhenDrawn({ at: [lon, lat] }: Pick<Clicked, 'at'>, then: (clicked: Clicked | null) => void): void {
    // At rest already, it would not be so again.
    this.#map.triggerRepaint();
    void this.#map.once('idle', () => {
      const { x, y } = this.#map.project([lon, lat]);
      then(this.#at([x, y], [lon, lat]));
    });
  }

  /** Venues drawn as one under a point are brought to the zoom at which they part; whether there were any. */
  #opened(at: [number, number]): boolean {
    const cluster = this.#map.queryRenderedFeatures(at).find(({ layer }) => kindOf(layer) === 'cluster');
    const zoom = Number(cluster?.properties['expansion_zoom']);
    if (cluster?.geometry.type !== 'Point' || Number.isNaN(zoom)) return false;
    const [lon = 0, lat = 0] = cluster.geometry.coordinates;
    // A hair past it: where the move ends must not be rounded to the zoom before.
    this.#map.easeTo({ center: [lon, lat], zoom: zoom + 0.01, duration: 500 });
    return true;
  }

  #at([x, y]: [number, number], at: [number, number]): Clicked | null {
    const found = (where: [number, number] | [[number, number], [number, number]]): { feature: MapGeoJSONFeature; kind: string }[] =>
      this.#map
        .queryRenderedFeatures(where)
        .map((feature) => ({ feature, kind: kindOf(feature.layer) }))
        .filter((one): one is { feature: MapGeoJSONFeature; kind: string } => one.kind !== null && one.kind !== 'cluster');
    const near = this.#map.getZoom() < venuesFrom ? [] : found([[x - venueReach, y - venueReach], [x + venueReach, y + venueReach]]);
    const areas = found([x, y]).filter(({ kind }) => kind !== 'venue');
    // A cell lies over its commune, and the commune is the one people know by name.
    const chosen = near.find(({ kind }) => kind === 'venue') ?? areas.find(({ kind }) => kind === 'commune') ?? areas[0];
    if (chosen === undefined) return null;
    const { feature, kind } = chosen;
    const under = kind === 'commune' ? areas.find((area) => area.kind === 'cell')?.feature : undefined;
    const cell = under === undefined ? null : { id: idOf(under), attributes: under.properties };
    const spot = feature.geometry.type === 'Point' ? (feature.geometry.coordinates as [number, number]) : at;
    return { kind, attributes: feature.properties, id: idOf(feature), at: spot, cell, source: feature.source, layer: feature.sourceLayer ?? '' };
  }

  #areas(): (LayerSpecification & { type: 'fill' })[] {
    const areas = this.#style.layers.filter((layer) => layer.type === 'fill' && layer.id.startsWith('fill-'));
    return areas as (LayerSpecification & { type: 'fill' })[];
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
      [drawnSource]: { type: 'geojson' as const, data: this.#drawn?.data ?? nothing },
    };
    const stroke = (width: number, colour: string): Pick<LayerSpecification & { type: 'line' }, 'type' | 'layout' | 'paint'> => ({
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': width },
    });
    for (const [rank, width, colour] of [['under', 6, '#ffffff'], ['over', 2.5, outlineInk]] as const) {
      outlines.push({ id: `chosen-zone-${rank}`, source: 'chosen-zone', ...stroke(width, colour) });
      if (this.#place !== null && this.#place.kind !== 'venue' && this.#place.source in sources) {
        outlines.push({
          id: `chosen-place-${rank}`,
          source: this.#place.source,
          'source-layer': this.#place.layer,
          filter: ['==', ['get', 'code'], String(this.#place.attributes['code'] ?? '')],
          ...stroke(width, colour),
        });
      }
    }
    const layers = this.#style.layers.filter(({ id }) => this.#priority || !id.startsWith('priority-'));
    // Close in only cells are drawn, yet a click should still find the commune: its shape is there, unseen.
    const communes = layers.find((layer) => kindOf(layer) === 'commune');
    if (communes?.type === 'fill' && communes.maxzoom !== undefined && communes.maxzoom < 24) {
      const { 'source-layer': sourceLayer = '', source, metadata, maxzoom } = communes;
      const paint = { 'fill-opacity': 0 };
      layers.push({ id: 'touch-communes', type: 'fill', source, 'source-layer': sourceLayer, metadata, minzoom: maxzoom, paint });
    }
    if (this.#drawn?.covers === true) layers.forEach((layer, rank) => (layers[rank] = faint(layer)));
    // Venues stay above what leads to them, names above the outlines.
    const firstVenue = layers.findIndex((layer) => kindOf(layer) === 'venue');
    layers.splice(firstVenue === -1 ? layers.length : firstVenue, 0, ...drawnLayers());
    const firstLabel = layers.findIndex((layer) => layer.type === 'symbol');
    layers.splice(firstLabel === -1 ? layers.length : firstLabel, 0, ...outlines);
    const composed = { ...this.#style, sources, layers };
    return this.#based ? overBase(composed) : composed;
  }
}

function idOf({ id }: MapGeoJSONFeature): number | null {
  return typeof id === 'number' ? id : null;
}

function kindOf(layer: { metadata?: unknown }): string | null {
  const kind = (layer.metadata as Record<string, unknown> | undefined)?.['maillage:kind'];
  return typeof kind === 'string' ? kind : null;
}

/** The areas step back under what covers them: their colours would mix with its own. */
function faint(layer: LayerSpecification): LayerSpecification {
  if (layer.type === 'fill' && layer.paint?.['fill-pattern'] !== undefined) return { ...layer, layout: { ...layer.layout, visibility: 'none' } };
  if (layer.type === 'fill' && layer.paint?.['fill-opacity'] === undefined) return { ...layer, paint: { ...layer.paint, 'fill-opacity': 0.15 } };
  if (layer.id.startsWith('zones-')) return { ...layer, layout: { ...layer.layout, visibility: 'none' } } as LayerSpecification;
  return layer;
}

function wholeControl(onWhole: () => void): IControl {
  const button = element('button', { type: 'button', class: 'whole', 'aria-label': say('map.whole'), title: say('map.whole') });
  button.addEventListener('click', onWhole);
  const group = element('div', { class: 'maplibregl-ctrl maplibregl-ctrl-group' }, button);
  return { onAdd: () => group, onRemove: () => group.remove() };
}
