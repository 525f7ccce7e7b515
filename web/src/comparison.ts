// Two questions side by side: the one kept on the left of a line that is swiped, the one being changed on its right.
import { people } from './answer.ts';
import { element, part } from './element.ts';
import { Pane, type Library } from './pane.ts';
import type { MapView } from './map.ts';
import { serverQuery, type Question } from './question.ts';
import { fetchDiagnosis, type Diagnosis } from './server.ts';
import { say } from './wording.ts';

export interface ComparisonEvents {
  /** Of the map, where it can be drawn. */
  readonly library: () => Library | null;
  readonly map: () => MapView | null;
  readonly words: (question: Question) => string;
  readonly onStop: () => void;
  readonly onSwap: () => void;
  /** What the question on the left is about has its names. */
  readonly onKnown: (before: Question, diagnosis: Diagnosis) => Promise<void>;
  /** The second map is there: it is dressed as the first. */
  readonly onOpen: (view: MapView) => void;
  readonly onBaseLost: () => void;
  /** The line was put somewhere, in hundredths from the left. */
  readonly onSwipe: (swipe: number) => void;
  readonly onTrouble: (reason: unknown) => void;
}

export class Comparison {
  readonly #events: ComparisonEvents;
  #before: Question | null = null;
  #pane: Pane | null = null;
  #asking = new AbortController();
  /** The people beyond of the question on the left, once they are known. */
  #known: { readonly query: string; readonly beyond: number } | null = null;
  #unfollow: (() => void) | null = null;

  constructor(events: ComparisonEvents) {
    this.#events = events;
    const button = (words: 'compare.swap' | 'compare.stop', onClick: () => void): HTMLElement => {
      const made = element('button', { type: 'button' }, say(words));
      made.addEventListener('click', onClick);
      return made;
    };
    part('versus-tools').append(button('compare.swap', events.onSwap), button('compare.stop', events.onStop));
    const line = part<HTMLInputElement>('swipe');
    line.addEventListener('input', () => this.#swipe());
    line.addEventListener('change', () => events.onSwipe(line.valueAsNumber));
  }

  get view(): MapView | null {
    return this.#pane?.view ?? null;
  }

  /** Puts the line somewhere, in hundredths from the left. */
  swipe(to: number): void {
    part<HTMLInputElement>('swipe').valueAsNumber = to;
    this.#swipe();
  }

  /** Keeps a question on the left, or none; `beyond` are the people of the one on the right, whose metric both have. */
  async show(before: Question | null, now: Question, beyond: number): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#before = before;
    const isDrawn = before !== null && this.#events.library() !== null;
    part('versus').hidden = before === null;
    for (const id of ['map-before', 'swipe']) part(id).hidden = !isDrawn;
    part('frame').classList.toggle('comparing', before !== null);
    if (before === null) {
      this.#unfollow?.();
      this.#pane?.close();
      [this.#pane, this.#unfollow] = [null, null];
      return;
    }
    this.#say(now, beyond);
    this.#swipe();
    try {
      await Promise.all([this.#learn(before, now, beyond, signal), this.#draw({ ...before, metric: now.metric }, signal)]);
    } catch (failure) {
      // Asked anew meanwhile, nothing failed; else half a map without colours would pass for an answer.
      if (signal.aborted) return;
      for (const id of ['map-before', 'swipe']) part(id).hidden = true;
      throw failure;
    }
  }

  /** The people of the question on the left, asked for once. */
  async #learn(before: Question, now: Question, beyond: number, signal: AbortSignal): Promise<void> {
    const query = serverQuery(before);
    if (this.#known?.query === query) return;
    const diagnosis = await fetchDiagnosis(before, signal);
    await this.#events.onKnown(before, diagnosis);
    if (signal.aborted) return;
    this.#known = { query, beyond: diagnosis.answer.beyond };
    this.#say(now, beyond);
  }

  #say(now: Question, beyond: number): void {
    if (this.#before === null) return;
    part('versus-before').textContent = this.#events.words(this.#before);
    part('versus-after').textContent = this.#events.words(now);
    part('versus-change').textContent = this.#change(this.#before, now, beyond);
  }

  /** Empty while it is not known. */
  #change(before: Question, now: Question, beyond: number): string {
    const query = serverQuery(before);
    if (serverQuery(now) === query) return say('compare.started');
    if (this.#known?.query !== query) return '';
    const more = beyond - this.#known.beyond;
    return more === 0 ? say('compare.same') : say(more > 0 ? 'compare.more' : 'compare.fewer', { people: people(Math.abs(more)) });
  }

  async #draw(asked: Question, signal: AbortSignal): Promise<void> {
    const map = this.#events.map();
    const library = this.#events.library();
    if (library === null || map === null) return;
    const isNew = this.#pane === null;
    this.#pane ??= new Pane('map-before', say('compare.map'), library, {
      onMove: () => undefined,
      onClick: () => undefined,
      onPoint: () => true,
      onWhole: () => undefined,
      onOpen: this.#events.onOpen,
      onDrawn: () => undefined,
      onBaseLost: this.#events.onBaseLost,
      onTrouble: this.#events.onTrouble,
    });
    await this.#pane.draw(asked, signal, () => map.camera(), () => undefined);
    if (isNew && !signal.aborted) this.#unfollow = this.#pane.view?.follow(map) ?? null;
  }

  #swipe(): void {
    part('frame').style.setProperty('--swipe', String(part<HTMLInputElement>('swipe').valueAsNumber / 100));
  }
}
