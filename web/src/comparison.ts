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
  readonly onKnown: (before: Question, diagnosis: Diagnosis) => void;
  /** The second map is there: it is dressed as the first. */
  readonly onOpen: (view: MapView) => void;
  readonly onTrouble: (reason: unknown) => void;
}

export class Comparison {
  readonly #events: ComparisonEvents;
  #before: Question | null = null;
  #pane: Pane | null = null;
  #asking = new AbortController();
  #beyond: number | null = null;

  constructor(events: ComparisonEvents) {
    this.#events = events;
    const button = (words: 'compare.swap' | 'compare.stop', onClick: () => void): HTMLElement => {
      const made = element('button', { type: 'button' }, say(words));
      made.addEventListener('click', onClick);
      return made;
    };
    part('versus-tools').append(button('compare.swap', events.onSwap), button('compare.stop', events.onStop));
    part('swipe').addEventListener('input', () => this.#swipe());
  }

  get view(): MapView | null {
    return this.#pane?.view ?? null;
  }

  /** Keeps a question on the left, or none; drawn in the metric of the one on the right. */
  async show(before: Question | null, now: Question): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#before = before;
    for (const id of ['versus', 'map-before', 'swipe']) part(id).hidden = before === null;
    part('frame').classList.toggle('comparing', before !== null);
    if (before === null) {
      this.#pane?.close();
      this.#pane = null;
      return;
    }
    this.#beyond = null;
    this.#say(now);
    this.#swipe();
    try {
      const diagnosis = await fetchDiagnosis(before, signal);
      this.#events.onKnown(before, diagnosis);
      this.#beyond = diagnosis.answer.beyond;
      this.#say(now);
      await this.#draw({ ...before, metric: now.metric }, signal);
    } catch (failure) {
      // Asked anew meanwhile, nothing failed; else half a map without colours would pass for an answer.
      if (signal.aborted) return;
      for (const id of ['map-before', 'swipe']) part(id).hidden = true;
      throw failure;
    }
  }

  /** The question on the right was answered. */
  answered(beyond: number, now: Question): void {
    if (this.#before === null) return;
    this.#say(now);
    const more = this.#beyond === null ? null : beyond - this.#beyond;
    const isSame = serverQuery(now) === serverQuery(this.#before);
    part('versus-change').textContent =
      isSame ? say('compare.started') : more === null ? '' : more === 0 ? say('compare.same') : say(more > 0 ? 'compare.more' : 'compare.fewer', { people: people(Math.abs(more)) });
  }

  #say(now: Question): void {
    if (this.#before === null) return;
    part('versus-before').textContent = this.#events.words(this.#before);
    part('versus-after').textContent = this.#events.words(now);
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
      onTrouble: this.#events.onTrouble,
    });
    await this.#pane.draw(asked, signal, () => map.camera(), () => undefined);
    if (isNew && !signal.aborted) this.#pane.view?.follow(map);
  }

  #swipe(): void {
    part('frame').style.setProperty('--swipe', String(part<HTMLInputElement>('swipe').valueAsNumber / 100));
  }
}
