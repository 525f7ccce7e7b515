// The HTML that shows a map inside somebody's page: a frame, or the element that makes one.
import { permalink, type Question, type Setting } from './question.ts';

/** What the element understands of a permalink; `public/maillage-carte.js` has the same list. */
export const parameters = [
  'territory', 'mode', 'minutes', 'service', 'public', 'care', 'support', 'entry', 'programme', 'label', 'typology', 'fee', 'open', 'reception',
  'fragility_min', 'metric', 'base', 'priority',
] as const;

export interface Shown {
  readonly question: Question;
  readonly setting: Setting;
  /** Where the page is: its address without query or fragment. */
  readonly home: string;
  /** What a screen reader calls the frame. */
  readonly title: string;
  /** `#zoom/lat/lon`, empty to show the whole territory. */
  readonly camera: string;
}

const size = { width: 800, height: 480 };

export function frameCode({ question, setting, home, title, camera }: Shown): string {
  // Two maps, a card or a table would need room that a frame has not: what is asked now is what it shows.
  const alone = { ...setting, embed: true, before: null, place: null, table: null };
  const src = `${home}?${permalink(question, alone)}${camera}`;
  const shape = `width="${size.width}" height="${size.height}" style="border: 0; max-width: 100%"`;
  return `<iframe src="${escaped(src)}" title="${escaped(title)}" ${shape} loading="lazy"></iframe>`;
}

export function elementCode({ question, setting, home, title, camera }: Shown): string {
  const asked = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(permalink(question, setting))) {
    if ((parameters as readonly string[]).includes(name)) asked.set(name, value);
  }
  const attributes = [...asked, ['hauteur', String(size.height)], ...(camera === '' ? [] : [['vue', camera.slice(1)]]), ['title', title]];
  const written = attributes.map(([name = '', value = '']) => `${name}="${escaped(value)}"`).join(' ');
  return `<script type="module" src="${escaped(`${home}maillage-carte.js`)}"></script>\n<maillage-carte ${written}></maillage-carte>`;
}

/** Text that stands between double quotes. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Whether an address leads to the reader's own machine, whoever follows it. */
export function isLocal(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|)$/.test(hostname);
}
