// What the page asks of the server, and the shapes it answers with.
import type { Feature, FeatureCollection, Geometry, LineString } from 'geojson';
import type { StyleSpecification } from 'maplibre-gl';
import { serverQuery, usualQuestion, type Metric, type Mode, type Question } from './question.ts';
import { answerFile, found, site } from './site.ts';
import { readValues, valuesMedia, type Values } from './values.ts';
import { say } from './wording.ts';

export type Bounds = readonly [west: number, south: number, east: number, north: number];

export interface Territory {
  readonly id?: string;
  readonly kind: string;
  readonly code: string;
  readonly name: string;
  readonly context?: string | null;
  readonly population: number;
  readonly bbox?: Bounds | null;
  /** The parts of a territory that oceans scatter, each to be shown by itself. */
  readonly views?: readonly View[];
  /** The wider territory it lies in, to compare it with; none at the top. */
  readonly parent?: { readonly id: string; readonly name: string } | null;
}

export interface View {
  readonly name: string;
  readonly bbox: Bounds;
}

export interface Answer {
  readonly beyond: number;
  readonly beyond_share: number | null;
  readonly unreachable: number;
  readonly access_min: number | null;
  readonly access_min_p90: number | null;
  readonly venues: number;
  readonly venues_per_10k?: number | null;
  readonly venues_unknown?: number;
  readonly beyond_if_unknown_fit?: number;
  readonly fragility: number | null;
  readonly fragility_published?: number | null;
  readonly fragility_published_basis?: 'published' | 'mean-of-communes' | null;
  readonly fragility_published_source?: Source | null;
  readonly fragility_correlation?: { readonly rho: number; readonly n: number } | null;
  readonly apl?: number | null;
  readonly method: string;
}

/** Priority areas; a venue in two of them counts once in any. */
export interface Priority {
  readonly venues_in_any: number;
  readonly venues_by_kind: Readonly<Record<string, number>>;
  readonly people_by_kind: Readonly<Record<string, number>>;
}

export interface CurvePoint {
  readonly minutes: number;
  readonly beyond: number;
}

/** People with an open venue within the promise: a row for each day from Monday, 24 hours from midnight. */
export interface Week {
  readonly within: readonly (readonly number[])[];
  readonly population: number;
  readonly hours_unknown: number;
}

/** The people whose index of fragility has a whole part, from 1 to 10; null without data. */
export interface ClassCoverage {
  readonly class: number | null;
  readonly population: number;
  readonly beyond: number;
  readonly beyond_share: number | null;
}

/** Whether the fragile, of an index of 7 or more, travel further than the others. */
export interface Equity {
  readonly reading: 'further' | 'nearer' | 'level';
  readonly access_min_fragile: number | null;
  readonly access_min_others: number | null;
}

export interface Source {
  readonly name: string;
  readonly vintage: string;
  readonly licence?: string | null;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
}

export interface Diagnosis {
  readonly territory: Territory;
  readonly answer: Answer;
  readonly priority?: Priority | null;
  /** Venues by the year in which what is known of them was last true. */
  readonly offer?: { readonly updated: Readonly<Record<string, number>> };
  readonly curve: readonly CurvePoint[];
  readonly classes: readonly ClassCoverage[];
  /** None when nobody is more fragile than another. */
  readonly equity: Equity | null;
  /** None when no venue says its hours. */
  readonly week: Week | null;
  readonly sources: readonly Source[];
  readonly warnings: readonly Warning[];
}

export interface ZoneProperties {
  readonly id: string | number;
  readonly name: string;
  readonly population: number;
  readonly fragile_population: number;
  readonly access_min: number | null;
  readonly access_min_max: number | null;
  readonly nearest_venue: string | null;
  readonly reason: string;
  readonly reason_label: string;
}

export interface Zone {
  readonly type: 'Feature';
  readonly properties: ZoneProperties;
  readonly geometry: Geometry;
  readonly bbox?: Bounds;
}

export interface Zones {
  readonly features: readonly Zone[];
  readonly totals: { readonly zones: number; readonly population: number; readonly fragile_population: number };
}

export interface LegendClass {
  readonly label: string;
  readonly colour: string;
}

/** From `min` included to `max` excluded; null where there is no bound. */
export interface Range {
  readonly min: number | null;
  readonly max: number | null;
}

export interface ValueClass extends LegendClass, Range {
  /** Of the second attribute, where the legend crosses two. */
  readonly second?: Range | null;
}

export interface LegendDefinition {
  readonly metric: Metric;
  readonly title: string;
  readonly unit: string;
  /** What the classes cut, and what they cut besides where two are crossed. */
  readonly attribute: string;
  readonly second?: string | null;
  readonly classes: readonly ValueClass[];
  readonly no_data: LegendClass;
  readonly no_road?: LegendClass | null;
  readonly estimated: boolean;
  readonly method_label?: string | null;
  readonly hatch: string | null;
  readonly estimated_hatch?: string | null;
}

/** How the times of the people counted were found: along roads, some of them only, or none. */
export type Times = 'routed' | 'mixed' | 'estimated';

export interface MapStyle extends StyleSpecification {
  metadata: {
    'maillage:legend'?: LegendDefinition;
    'maillage:bounds'?: Bounds;
    'maillage:times'?: Times;
    'maillage:stranded'?: boolean;
    'maillage:atlas'?: string;
    'maillage:sources'?: readonly Source[];
    /** Said where areas have no colours of their own. */
    'maillage:values'?: 'apart';
  } & Record<string, unknown>;
}

export interface Leg {
  readonly mode: Mode;
  readonly minutes: number;
  readonly metres: number;
}

/** A venue and how to get there; legs and route are those of roads, and empty where the time is estimated. */
export interface Way {
  readonly id: string;
  readonly name: string;
  readonly minutes: number;
  readonly method: string;
  readonly legs: readonly Leg[];
  readonly route: LineString | null;
}

export interface Isochrone {
  readonly type: 'Feature';
  readonly properties: { readonly minutes: number; readonly population: number; readonly method: string };
  readonly geometry: Geometry;
}

/** A failure put in words a reader can act on, with the server's own beneath where it gave any. */
export class Problem extends Error {
  readonly detail: string;
  /** Of the server's refusal, null where it did not answer. */
  readonly status: number | null;

  constructor(words: string, detail = '', status: number | null = null) {
    super(words);
    [this.detail, this.status] = [detail, status];
  }
}

/** The server explains itself in English, to programs; what went wrong is said here in the page's language. */
function problemOf(status: number, body: Readonly<Record<string, unknown>>): Problem {
  const text = (name: string): string | null => (typeof body[name] === 'string' ? body[name] : null);
  const detail = text('detail') ?? text('title') ?? '';
  const [name, value] = [text('parameter'), text('value')];
  if (name === 'territory') return new Problem(say('error.territory', { value: value ?? '' }), detail, status);
  if (name !== null) return new Problem(say('error.parameter', { name, value: value ?? '' }), detail, status);
  if (status === 404) return new Problem(say('error.absent'), detail, status);
  if (status === 503) return new Problem(say('error.busy'), detail, status);
  return new Problem(say('error.unreadable', { status: String(status) }), detail, status);
}

async function answerOf(path: string, accept: string, signal?: AbortSignal, sent: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(path, { ...sent, signal: signal ?? null, headers: { ...sent.headers, accept } });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new Problem(say(site === null ? 'error.unreachable' : 'site.unreachable'));
  }
}

async function fetchJson<T>(path: string, signal?: AbortSignal, sent?: RequestInit): Promise<T> {
  const response = await answerOf(path, 'application/json', signal, sent);
  let body: unknown;
  try {
    body = await response.json();
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new Problem(say('error.unreadable', { status: String(response.status) }));
  }
  if (response.ok) return body as T;
  throw problemOf(response.status, typeof body === 'object' && body !== null ? { ...body } : {});
}

function withQuery(path: string, ...parts: readonly string[]): string {
  const query = parts.filter((part) => part !== '').join('&');
  return query === '' ? path : `${path}?${query}`;
}

/** The same about ground drawn by hand, whose answer gives it an address: `territory.id`. */
export async function fetchDrawn(corners: readonly (readonly [lon: number, lat: number])[], question: Question): Promise<Diagnosis> {
  const [first] = corners;
  const ring = first === undefined ? [] : [...corners, first];
  const body = JSON.stringify({ type: 'Polygon', coordinates: [ring] });
  const path = withQuery('/api/territories/answer', serverQuery({ ...question, territories: [] }));
  return fetchJson(path, undefined, { method: 'POST', body, headers: { 'content-type': 'application/geo+json' } });
}

export const wholeScope = 'france';

/** Where a perimeter is answered, or what is below that address. */
function perimeterPath(question: Question, below = ''): string {
  const ids = question.territories.length === 0 ? [wholeScope] : question.territories;
  const path = `/api/territories/${ids.map(encodeURIComponent).join(',').replaceAll('%3A', ':')}${below}`;
  // The path already says where; the query must not say it twice.
  return withQuery(path, serverQuery({ ...question, territories: [] }));
}

/** A file of a site, which is there only for the territories it answers about. */
async function fetchAnswer<T>(folder: 'answers' | 'zones', question: Question, signal?: AbortSignal): Promise<T> {
  const file = answerFile(folder, question);
  if (file === null) throw new Problem(say('site.absent'));
  return fetchJson(file, signal);
}

export function fetchDiagnosis(question: Question, signal?: AbortSignal): Promise<Diagnosis> {
  if (site !== null) return fetchAnswer('answers', question, signal);
  return fetchJson(perimeterPath(question), signal);
}

/** The same as a page to print, the annex of a roadmap. */
export function reportPath(question: Question): string {
  if (site !== null) return site.report;
  return perimeterPath(question, '/report');
}

export function fetchZones(question: Question, limit: number, signal?: AbortSignal): Promise<Zones> {
  if (site !== null) return fetchAnswer('zones', question, signal);
  return fetchJson(withQuery('/api/zones', serverQuery(question), `limit=${limit}`), signal);
}

/** Features without their shapes, as CSV, and how many there are in all: `slice` says which, in what order. */
export async function fetchRows(layer: string, slice: readonly string[], question: Question, signal?: AbortSignal): Promise<{ csv: string; matched: number }> {
  const path = site === null ? withQuery(`/api/collections/${layer}/items`, 'f=csv', ...slice, serverQuery(question)) : site.files[`${layer}.csv`];
  if (path === undefined) throw new Problem(say('site.absent'));
  const response = await answerOf(path, 'text/csv', signal);
  if (!response.ok) throw problemOf(response.status, (await response.json().catch(() => ({}))) as Record<string, unknown>);
  return { csv: await response.text(), matched: Number(response.headers.get('ogc-numbermatched')) };
}

/** One of them, with its shape and the attributes that tiles leave out. */
export function fetchFeature(layer: string, id: string | number, question: Question): Promise<Feature> {
  return fetchJson(withQuery(`/api/collections/${layer}/items/${id}`, serverQuery(question)));
}

/** The one of a level that a code names, with its shape; null where the perimeter has none. */
export async function fetchCoded(level: string, code: string, question: Question): Promise<Feature | null> {
  const path = withQuery(`/api/collections/${level}/items`, `filter=${encodeURIComponent(`code='${code}'`)}`, 'limit=1', serverQuery(question));
  return (await fetchJson<FeatureCollection>(path)).features[0] ?? null;
}

/** A server's style leaves areas without colours, which `fetchValues` brings; a site's has them inside. */
export function fetchStyle(question: Question, signal?: AbortSignal): Promise<MapStyle> {
  if (site !== null) return fetchJson(`styles/${question.metric}.json`, signal);
  return fetchJson(withQuery(`/styles/${question.metric}.json`, serverQuery(question), 'values=apart'), signal);
}

const areaColumns = 'population,access_min,beyond,beyond_share,fragility,apl,edge,estimated';

/** The numbers of a layer of areas, those in a box or all; with the atlas' identity the browser may keep them. */
export async function fetchValues(layer: string, question: Question, box: Bounds | null, atlas: string, signal?: AbortSignal): Promise<Values> {
  const within = box === null ? '' : `bbox=${box.join(',')}`;
  const path = withQuery(`/values/${layer}`, `column=${areaColumns}`, serverQuery(question), within, atlas === '' ? '' : `v=${atlas.slice(0, 12)}`);
  const response = await answerOf(path, valuesMedia, signal);
  if (!response.ok) throw problemOf(response.status, (await response.json().catch(() => ({}))) as Record<string, unknown>);
  try {
    return readValues(await response.arrayBuffer());
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new Problem(say('error.unreadable', { status: String(response.status) }));
  }
}

/** The way from a point to the venue quickest to reach, none within the two hours the server looks. */
export async function fetchWay(question: Question, [lon, lat]: readonly [number, number], signal?: AbortSignal): Promise<Way | null> {
  const at = [`lon=${lon.toFixed(5)}`, `lat=${lat.toFixed(5)}`, 'limit=1'];
  const found = await fetchJson<{ venues: readonly Way[] }>(withQuery('/api/access', ...at, serverQuery(question)), signal);
  return found.venues[0] ?? null;
}

/** Who comes to a venue within each of some minutes, the fewest minutes first. */
export async function fetchIsochrones(venue: string, mode: Mode, minutes: readonly number[]): Promise<readonly Isochrone[]> {
  const query = [`venue=${encodeURIComponent(venue)}`, `mode=${mode}`, `minutes=${minutes.join(',')}`];
  return (await fetchJson<{ features: readonly Isochrone[] }>(withQuery('/api/isochrones', ...query))).features;
}

interface Territories {
  readonly territories: readonly Required<Territory>[];
}

/** Those of a site, fetched once. */
let places: Promise<Territories> | null = null;

export async function searchTerritories(text: string, signal?: AbortSignal): Promise<readonly Required<Territory>[]> {
  if (site !== null) {
    places ??= fetchJson<Territories>('territories.json');
    places.catch(() => (places = null));
    return found((await places).territories, text, 20);
  }
  return (await fetchJson<Territories>(withQuery('/api/territories', `q=${encodeURIComponent(text)}`), signal)).territories;
}

/** Null where a site has no such file; a live project points at the server for its data. */
export function downloadPath(layers: readonly string[], form: string, question: Question, isLive = false): string | null {
  if (site !== null) return layers.length === 1 ? (site.files[`${layers[0]}.${form}`] ?? null) : null;
  const style = question.metric === usualQuestion.metric ? '' : `style=${question.metric}`;
  return withQuery('/api/export', `layers=${layers.join(',')}`, `format=${form}`, isLive ? 'source=server' : '', style, serverQuery(question));
}

/** Has the server make a file, which it keeps for who asks next; fails as an answer does. */
export async function prepareDownload(path: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(path, { method: 'HEAD' });
  } catch {
    throw new Problem(say('error.unreachable'));
  }
  if (!response.ok) throw problemOf(response.status, {});
}
