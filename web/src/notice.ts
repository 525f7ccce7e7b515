// The words over the map: what is wrong with it, else what it lacks, else what one can do with it.
import { part } from './element.ts';
import type { Question } from './question.ts';
import type { Answer } from './server.ts';
import { say } from './wording.ts';

export class Notice {
  #trouble: string | null = null;
  #hint = say('map.hint');
  #indexed = true;

  /** What is wrong, until the next map. */
  trouble(words: string): void {
    this.#trouble = words;
    this.#show(words);
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
    this.#show(this.#trouble ?? (lacks ? say('map.unindexed') : this.#hint));
  }

  #show(words: string): void {
    part('map-words').textContent = words;
  }
}
