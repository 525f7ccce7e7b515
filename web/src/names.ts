// What territories are called: a link brings only their codes, answers bring their names.
import type { Named } from './perimeter.ts';
import type { Question } from './question.ts';
import { sentence } from './sentence.ts';
import { fetchDiagnosis, type Diagnosis } from './server.ts';

/** Everyone, as a question without territories asks. */
const whole = '';

export class Names {
  readonly #known = new Map<string, Named>();

  set(id: string, named: Named): void {
    this.#known.set(id, named);
  }

  /** Its code, while it has no name. */
  of(id: string): string {
    return this.#known.get(id)?.name ?? id;
  }

  /** The question in words, without its territories while one of them has no name. */
  inWords(asked: Question): string {
    const ids = asked.territories.length === 0 ? [whole] : asked.territories;
    const named = ids.map((id) => this.#known.get(id)).filter((one) => one !== undefined);
    return sentence(asked, named.length === ids.length ? named : []);
  }

  /** Names what an answer is about: a union's own name would not say which is which, so each of several is asked for. */
  async learn(asked: Question, { territory }: Diagnosis): Promise<void> {
    if (asked.territories.length < 2) {
      this.set(asked.territories[0] ?? whole, territory);
      return;
    }
    for (const id of asked.territories.filter((one) => !this.#known.has(one))) {
      const one = await fetchDiagnosis({ ...asked, territories: [id], filters: [] });
      this.set(id, one.territory);
    }
  }
}
