// « Enregistrer l'image »: the map as it is seen, with what makes it readable away from the page, as a PNG.
import { people } from './answer.ts';
import { isBaseShown } from './basemap.ts';
import { compose } from './composition.ts';
import { part } from './element.ts';
import { day, minutes, percent } from './french.ts';
import { shownLegend } from './legend.ts';
import type { Pane } from './pane.ts';
import { isFloored, serverQuery, type Question } from './question.ts';
import { metresPerPixel } from './scale.ts';
import type { Diagnosis } from './server.ts';
import { credits } from './sources.ts';
import { slug } from './vocabulary.ts';
import { say } from './wording.ts';

interface Pictured {
  readonly diagnosis: Diagnosis;
  /** The question answered: while another is shown, the map and the figures are not yet its own. */
  readonly question: Question;
}

// Long enough to read a file's name; then the map is the reader's again.
const told = 10_000;

let forgetting = 0;
let pane: Pane | null = null;
let pictured: Pictured | null = null;
let shown: (() => Question) | null = null;

/** `question` is the one shown. */
export function startPicture(question: () => Question): void {
  shown = question;
  part('picture').addEventListener('click', () => void save());
}

/** The figures a picture carries. */
export function pictureAnswer(diagnosis: Diagnosis, question: Question): void {
  pictured = { diagnosis, question };
  offer();
}

/** Once a map has been drawn. */
export function pictureMap(drawn: Pane | null): void {
  pane = drawn;
  offer();
}

function offer(): void {
  part<HTMLButtonElement>('picture').disabled = pane === null || pictured === null;
}

async function save(): Promise<void> {
  const button = part<HTMLButtonElement>('picture');
  if (pane === null || pictured === null || button.getAttribute('aria-busy') === 'true') return;
  const { diagnosis, question } = pictured;
  const isAnswered = (): boolean => {
    const isAsked = shown !== null && serverQuery(shown()) === serverQuery(question);
    return isAsked && pane?.isColoured === true && part('panel').getAttribute('aria-busy') !== 'true';
  };
  button.setAttribute('aria-busy', 'true');
  tell(say('picture.making'));
  try {
    const taken = isAnswered() ? await pane.picture() : null;
    const legend = shownLegend();
    const { view } = pane;
    // Asked something else meanwhile, the map would stand under another question's figures.
    if (taken === null || view === null || legend === null || !isAnswered()) {
      tell(say('picture.wait'));
      return;
    }
    const { zoom, lat } = view.camera();
    const canvas = await compose({
      title: part('sentence').textContent ?? '',
      figure: figure(diagnosis, question),
      map: taken,
      seen: seen(taken.height),
      metresPerPixel: metresPerPixel(zoom, lat),
      legend,
      notes: notes(diagnosis, new Date()),
      link: location.href,
    });
    const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, 'image/png'));
    if (blob === null) throw new Error('the browser made no PNG');
    // The metric is none of the answer's: it may have changed since.
    const name = fileName({ ...question, metric: legend.metric }, diagnosis.territory.name);
    download(blob, name);
    tell(say('picture.saved', { name }));
  } catch (failure) {
    console.error(failure);
    tell(say('picture.failed'));
  } finally {
    button.removeAttribute('aria-busy');
  }
}

function tell(words: string): void {
  const state = part('tools-state');
  state.textContent = words;
  clearTimeout(forgetting);
  forgetting = window.setTimeout(() => (state.textContent = ''), told);
}

function download(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  // The browser reads it after the click has been answered.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** On a phone the sheet covers the lower part of the map. */
function seen(height: number): number {
  const [panel, frame] = [part('panel'), part('frame')].map((one) => one.getBoundingClientRect());
  if (panel === undefined || frame === undefined || panel.right <= frame.left || panel.top <= frame.top) return height;
  return Math.round(Math.max(Math.min(panel.top - frame.top, height), height / 3));
}

function figure({ answer }: Diagnosis, question: Question): readonly [string, string] {
  const beyond = say('answer.beyond', { minutes: minutes(question.minutes) });
  const share = answer.beyond_share === null ? say('unknown') : percent(answer.beyond_share);
  return [people(answer.beyond), say('picture.share', { beyond, share, of: say(isFloored(question) ? 'answer.share.fragile' : 'answer.share') })];
}

/** Where a picture comes from, and of when its data are. */
export function notes({ sources, offer }: Pick<Diagnosis, 'sources' | 'offer'>, now: Date): string[] {
  const { required, others } = credits(sources);
  const base = isBaseShown() ? [say('attribution.ign')] : [];
  const years = Object.keys(offer?.updated ?? {}).filter((year) => /^\d{4}$/.test(year)).sort();
  const [first, last] = [years[0], years.at(-1)];
  const known = first === undefined || last === undefined ? [] : [first === last ? say('picture.known', { year: last }) : say('picture.knownFrom', { first, last })];
  return [
    say('picture.sources', { sources: [...required, ...base, ...others, say('attribution.map')].join(' · ') }),
    [...known, say('picture.day', { day: day(now) })].join(' '),
  ];
}

/** A file found again in a downloads folder months later must still say what it shows. */
export function fileName({ metric, mode, minutes: most, filters }: Question, place: string): string {
  const asked = filters.map(([name, value]) => `${name} ${value}`);
  const parts = ['maillage', say(`metric.${metric}`), place, say(`mode.${mode}`), `${most}min`, ...asked];
  return `${parts.map(slug).filter((one) => one !== '').join('_').slice(0, 120)}.png`;
}
