// What the page asks of the server, and the shapes it answers with.
import type { Geometry } from 'geojson';
import type { StyleSpecification } from 'maplibre-gl';
import { serverQuery, type Metric, type Question } from './question.ts';
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
}

export interface Answer {
  readonly beyond: number;
  readonly beyond_share: number | null;
  readonly unreachable: number;
  readonly access_min: number | null;
  readonly access_min_p90: number | null;
  readonly venues: number;
  readonly venues_unknown?: number;
  readonly beyond_if_unknown_fit?: number;
  readonly fragility: number | null;
  readonly method: string;
}

export interface CurvePoint {
  readonly minutes: number;
  readonly beyond: number;
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
  readonly curve: readonly CurvePoint[];
  readonly sources: readonly Source[];
  readonly warnings: readonly Warning[];
}

export interface ZoneProperties {
  readonly id: string | number;
  readonly name: string;
  readonly population: number;
  readonly access_min: number | null;
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

export interface LegendDefinition {
  readonly metric: Metric;
  readonly title: string;
  readonly unit: string;
  readonly classes: readonly LegendClass[];
  readonly no_data: LegendClass;
  readonly estimated: boolean;
  readonly method_label?: string | null;
  readonly hatch: string | null;
}

export interface MapStyle extends StyleSpecification {
  metadata: { 'maillage:legend'?: LegendDefinition; 'maillage:bounds'?: Bounds } & Record<string, unknown>;
}

/** A failure put in words a reader can act on, with the server's own beneath where it gave any. */
export class Problem extends Error {
  readonly detail: string;

  constructor(words: string, detail = '') {
    super(words);
    this.detail = detail;
  }
}

/** The server explains itself in English, to programs; what went wrong is said here in the page's language. */
function problemOf(status: number, body: Readonly<Record<string, unknown>>): Problem {
  const text = (name: string): string | null => (typeof body[name] === 'string' ? body[name] : null);
  const detail = text('detail') ?? text('title') ?? '';
  const [name, value] = [text('parameter'), text('value')];
  if (name !== null) return new Problem(say('error.parameter', { name, value: value ?? '' }), detail);
  if (status === 404) return new Problem(say('error.absent'), detail);
  if (status === 503) return new Problem(say('error.busy'), detail);
  return new Problem(say('error.unreadable', { status: String(status) }), detail);
}

async function fetchJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { signal: signal ?? null, headers: { accept: 'application/json' } });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new Problem(say('error.unreachable'));
  }
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

export const wholeScope = 'france';

export function fetchDiagnosis(question: Question, signal?: AbortSignal): Promise<Diagnosis> {
  const ids = question.territories.length === 0 ? [wholeScope] : question.territories;
  const path = `/api/territories/${ids.map(encodeURIComponent).join(',').replaceAll('%3A', ':')}`;
  // The path already says where; the query must not say it twice.
  return fetchJson(withQuery(path, serverQuery({ ...question, territories: [] })), signal);
}

export function fetchZones(question: Question, limit: number, signal?: AbortSignal): Promise<Zones> {
  return fetchJson(withQuery('/api/zones', serverQuery(question), `limit=${limit}`), signal);
}

export function fetchStyle(question: Question, signal?: AbortSignal): Promise<MapStyle> {
  return fetchJson(withQuery(`/styles/${question.metric}.json`, serverQuery(question)), signal);
}

export async function searchTerritories(text: string, signal?: AbortSignal): Promise<readonly Required<Territory>[]> {
  const found = await fetchJson<{ territories: readonly Required<Territory>[] }>(
    withQuery('/api/territories', `q=${encodeURIComponent(text)}`),
    signal,
  );
  return found.territories;
}

export function downloadPath(layer: string, format: string, question: Question): string {
  return withQuery(`/api/collections/${layer}/items`, `f=${format}`, 'limit=10000', serverQuery(question));
}
