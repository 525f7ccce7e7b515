// The words over the map: what is wrong with it, else what it lacks, else what one can do with it.
import { part } from './element.ts';
import type { Question } from './question.ts';
import type { Answer } from './server.ts';
import { say } from './wording.ts';

export class Notice {
  #trouble: string | null = null;
  #isPassing = false;
  #hint = say('map.hint');
  #indexed = true;

  /** What is wrong, until the next map; what is `passing`, until it moves. */
  trouble(words: string, how: 'lasting' | 'passing' = 'lasting'): void {
    [this.#trouble, this.#isPassing] = [words, how === 'passing'];
    this.#show(words, false);
  }

  /** The map fetches what is in sight anew. */
  moved(): void {
    if (this.#isPassing) this.#trouble = null;
  }

  /** A new map: what was wrong with the last is over. */
  start(): void {
    this.#trouble = null;
  }

  /** One who has clicked knows that one can. */
  clicked(): void {
    this.#hint = '';
  }

  answered({ fragility }: Answer): void {
    this.#indexed = fragility !== null;
  }

  /** The map of a question is there. */
  drawn({ metric }: Question): void {
    const lacks = !this.#indexed && (metric === 'fragility' || metric === 'need');
    const words = this.#trouble ?? (lacks ? say('map.unindexed') : null);
    this.#show(words ?? this.#hint, words === null);
  }

  /** What one can do with a map is not said of two, nor while drawing on it. */
  #show(words: string, isHint: boolean): void {
    part('map-words').textContent = words;
    part('map-words').classList.toggle('hint', isHint);
  }
}
