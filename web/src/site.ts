// A copy of the page that no server answers: `maillage export-site` writes the answers to one question as files beside it.
import { parsePermalink, serverQuery, type Filter, type Permalink, type Question } from './question.ts';
import { writeSpot } from './spot.ts';

export interface Site {
  /** Mode, minutes and filters, as in a permalink; the perimeter is what no chosen territory means. */
  readonly question: string;
  /** That perimeter: `france` is all of the data. */
  readonly territory: string;
  /** The archive of tiles, from the page. */
  readonly archive: string;
  readonly report: string;
  /** Features to download: their address, by `layer.format`. */
  readonly files: Readonly<Record<string, string>>;
  /** The territories that have an answer of their own. */
  readonly answers: readonly string[];
}

function embedded(): Site | null {
  if (typeof document === 'undefined') return null;
  const text = document.getElementById('site')?.textContent;
  return text ? (JSON.parse(text) as Site) : null;
}

/** Null where a server answers. */
export const site = embedded();

/** Whether something can be asked about a territory. */
export function isAnswered(id: string): boolean {
  return site === null || site.answers.includes(id);
}

/** The same, where the whole of the data is a territory too. */
export function isAnsweredAs(id: string, only: Site | null = site): boolean {
  return only === null || only.answers.includes(id) || (id === 'france' && only.territory === id);
}

/** The file of a folder that answers a question, null when none does. */
export function answerFile(folder: 'answers' | 'zones', { territories }: Question): string | null {
  const [id = 'whole', ...more] = territories;
  if (more.length > 0 || (territories.length > 0 && !isAnswered(id))) return null;
  return `${folder}/${id.replaceAll(':', '-')}.json`;
}

/** The same link about the one question a site answers; what it asked besides is refused. */
export function fixed({ question, setting, refused }: Permalink, only: Site | null = site): Permalink {
  if (only === null) return { question, setting, refused };
  const { mode, minutes, filters } = parsePermalink(only.question).question;
  const usual = parsePermalink('').question;
  const other: Filter[] = question.filters.filter(([name, value]) => !filters.some((one) => one[0] === name && one[1] === value));
  if (![mode, usual.mode].includes(question.mode)) other.push(['mode', question.mode]);
  if (![minutes, usual.minutes].includes(question.minutes)) other.push(['minutes', String(question.minutes)]);
  if (setting.before !== null) other.push(['versus', serverQuery(setting.before)]);
  // The card of a row is a server's; a site's tables lead to the map.
  const place = setting.place !== null && 'at' in setting.place ? setting.place : null;
  if (setting.place !== null && place === null) other.push(['place', writeSpot(setting.place)]);
  return { question: { ...question, mode, minutes, filters }, setting: { ...setting, before: null, place }, refused: [...refused, ...other] };
}

interface Named {
  readonly name: string;
  readonly code: string;
}

function folded(text: string): string[] {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** Places with a word that starts with each word asked for; those whose name starts so come first, else in their order. */
export function found<T extends Named>(places: readonly T[], text: string, most: number): T[] {
  const asked = folded(text);
  if (asked.length === 0) return [];
  const rank = (place: T): number | null => {
    const words = folded(place.name);
    if (place.code.toLowerCase() === asked.join('')) return 0;
    if (!asked.every((start) => words.some((word) => word.startsWith(start)))) return null;
    if (words.join(' ') === asked.join(' ')) return 1;
    return words.join(' ').startsWith(asked.join(' ')) ? 2 : 3;
  };
  const ranked = places.map((place, order) => ({ place, order, rank: rank(place) }));
  const kept = ranked.filter((one): one is typeof one & { rank: number } => one.rank !== null);
  return kept.sort((a, b) => a.rank - b.rank || a.order - b.order).slice(0, most).map(({ place }) => place);
}
