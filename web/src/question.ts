// The question being asked, and its two written forms: the page's permalink and the server's query.

import { parseListing, writeListing, type Listing } from './columns.ts';
import { parseSpot, writeSpot, type Spot } from './spot.ts';

export type Mode = 'car' | 'bike' | 'walk';
export type Metric = 'access_min' | 'beyond' | 'beyond_share' | 'fragility' | 'apl' | 'need';

export const modes: readonly Mode[] = ['car', 'bike', 'walk'];
export const metrics: readonly Metric[] = ['access_min', 'beyond', 'beyond_share', 'need', 'fragility', 'apl'];
export const minutesRange = { least: 1, most: 120, usual: 20 } as const;

/** Filters stay as the text of the link: the server, not this page, knows which exist and refuses the others. */
export type Filter = readonly [name: string, value: string];

export interface Question {
  readonly territories: readonly string[];
  readonly mode: Mode;
  readonly minutes: number;
  readonly filters: readonly Filter[];
  readonly metric: Metric;
}

export interface Camera {
  readonly zoom: number;
  readonly lat: number;
  readonly lon: number;
}

export type BaseMap = 'ign';

/** What only the page is told: the server's answers do not depend on it. */
export interface Setting {
  /** The map alone, inside somebody's page. */
  readonly embed: boolean;
  /** An online map under the areas; none is asked for unless a reader wants it. */
  readonly base: BaseMap | null;
  /** Whether priority areas are outlined. */
  readonly priority: boolean;
  /** The question it is compared with. */
  readonly before: Question | null;
  /** Where the line between the two maps stands, in hundredths of their width from the left. */
  readonly swipe: number;
  /** The place whose card is open. */
  readonly place: Spot | null;
  /** The table that is open. */
  readonly table: Listing | null;
}

export interface Permalink {
  readonly question: Question;
  readonly setting: Setting;
  /** Values that were not understood and were replaced by the usual ones; the page says so. */
  readonly refused: readonly Filter[];
}

export const usualQuestion: Question = {
  territories: [],
  mode: 'car',
  minutes: minutesRange.usual,
  filters: [],
  metric: 'access_min',
};

export const usualSetting: Setting = { embed: false, base: null, priority: true, before: null, swipe: 50, place: null, table: null };

function isOneOf<T extends string>(values: readonly T[], text: string): text is T {
  return (values as readonly string[]).includes(text);
}

/** Whether only people of a fragility at least such are counted. */
export function isFloored({ filters }: Question): boolean {
  return filters.some(([name]) => name === 'fragility_min');
}

/** A link compares one question with another, which is compared with none. */
export function parsePermalink(search: string, isCompared = false): Permalink {
  const territories: string[] = [];
  const filters: Filter[] = [];
  const refused: Filter[] = [];
  let { mode, minutes, metric } = usualQuestion;
  let { embed, base, priority, before, swipe, place, table } = usualSetting;

  for (const [name, value] of new URLSearchParams(search)) {
    if (name === 'territory') {
      for (const id of value.split(',')) {
        if (id !== '' && !territories.includes(id)) territories.push(id);
      }
    } else if (name === 'mode') {
      if (isOneOf(modes, value)) mode = value;
      else refused.push([name, value]);
    } else if (name === 'minutes') {
      const asked = /^\d{1,3}$/.test(value) ? Number(value) : NaN;
      if (asked >= minutesRange.least && asked <= minutesRange.most) minutes = asked;
      else refused.push([name, value]);
    } else if (name === 'metric') {
      if (isOneOf(metrics, value)) metric = value;
      else refused.push([name, value]);
    } else if (name === 'embed') {
      if (['', '0', '1'].includes(value)) embed = value !== '0';
      else refused.push([name, value]);
    } else if (name === 'base') {
      if (value === 'ign') base = value;
      else refused.push([name, value]);
    } else if (name === 'priority') {
      if (['0', '1'].includes(value)) priority = value !== '0';
      else refused.push([name, value]);
    } else if (name === 'swipe') {
      if (/^(\d{1,2}|100)$/.test(value)) swipe = Number(value);
      else refused.push([name, value]);
    } else if (name === 'place') {
      place = parseSpot(value);
      if (place === null) refused.push([name, value]);
    } else if (name === 'table') {
      table = parseListing(value);
      if (table === null) refused.push([name, value]);
    } else if (name === 'versus' && !isCompared) {
      const compared = parsePermalink(value, true);
      before = compared.question;
      refused.push(...compared.refused);
    } else if (name === 'versus') {
      refused.push([name, value]);
    } else {
      // Repeated, a filter asks for any of its values, as it does with them joined.
      const same = filters.findIndex(([other]) => other === name);
      if (same < 0) filters.push([name, value]);
      else filters[same] = [name, `${filters[same]?.[1]},${value}`];
    }
  }
  return { question: { territories, mode, minutes, filters, metric }, setting: { embed, base, priority, before, swipe, place, table }, refused };
}

/** The query of the server: everything the answer depends on, the usual values dropped. */
export function serverQuery(question: Question): string {
  return writeQuery(question, question.filters);
}

export function permalink(question: Question, { embed, base, priority, before, swipe, place, table }: Setting = usualSetting): string {
  const shown: Filter[] = question.metric === usualQuestion.metric ? [] : [['metric', question.metric]];
  if (before !== null) shown.push(['versus', serverQuery(before)]);
  if (before !== null && swipe !== usualSetting.swipe) shown.push(['swipe', String(swipe)]);
  if (place !== null) shown.push(['place', writeSpot(place)]);
  if (table !== null) shown.push(['table', writeListing(table)]);
  if (base !== null) shown.push(['base', base]);
  if (!priority) shown.push(['priority', '0']);
  if (embed) shown.push(['embed', '1']);
  return writeQuery(question, [...question.filters, ...shown]);
}

function writeQuery(question: Question, rest: readonly Filter[]): string {
  const written: Filter[] = [];
  if (question.territories.length > 0) written.push(['territory', question.territories.join(',')]);
  if (question.mode !== usualQuestion.mode) written.push(['mode', question.mode]);
  if (question.minutes !== usualQuestion.minutes) written.push(['minutes', String(question.minutes)]);
  // `:` and `,` are legal in a query, and a permalink is read by people.
  return [...written, ...rest].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2C', ',');
}

export function parseCamera(hash: string): Camera | null {
  const [zoom, lat, lon, ...more] = hash.replace(/^#/, '').split('/').map((part) => (part === '' ? NaN : Number(part)));
  if (more.length > 0 || zoom === undefined || lat === undefined || lon === undefined) return null;
  const onEarth = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return onEarth ? { zoom, lat, lon } : null;
}

export function cameraHash(camera: Camera): string {
  // One pixel at this zoom: more decimals would only make the link longer.
  const decimals = Math.max(0, Math.ceil((camera.zoom * Math.LN2 + Math.log(512 / 360)) / Math.LN10));
  return `#${Number(camera.zoom.toFixed(2))}/${camera.lat.toFixed(decimals)}/${camera.lon.toFixed(decimals)}`;
}
