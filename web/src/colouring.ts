// Keeps the areas in the colours of the question: their shapes are fetched once, then only their numbers change.
import type { Level, MapView } from './map.ts';
import { painter, type Paint } from './paint.ts';
import { serverQuery, type Question } from './question.ts';
import { fetchValues, type Bounds, type LegendDefinition } from './server.ts';
import { identifiers, valuesOf, type Values } from './values.ts';

/** The longest a browser is kept from answering, in milliseconds. */
const turn = 12;
// A step of the box whose cells are fetched, in degrees: a short move stays within it.
const boxStep = 0.25;
// Cells come before they are drawn, so that coming closer shows them at once.
const cellsFrom = 9;

interface Held {
  readonly values: Values;
  /** What the values are of; null for all. */
  readonly box: Bounds | null;
}

export class Colouring {
  readonly #map: MapView;
  readonly #onTrouble: (reason: unknown) => void;
  #question: Question | null = null;
  #legend: LegendDefinition | null = null;
  #atlas = '';
  #asking = new AbortController();
  readonly #held = new Map<string, Held>();
  /** What was last asked for of each layer, and when it is there. */
  readonly #asked = new Map<string, { readonly key: string; readonly there: Promise<void> }>();
  /** What each feature of a layer was last given, by identifier; those without a colour are not in it. */
  readonly #given = new Map<string, Map<number, string>>();
  readonly #turns = new Map<string, number>();

  constructor(map: MapView, onTrouble: (reason: unknown) => void) {
    this.#map = map;
    this.#onTrouble = onTrouble;
  }

  /** Another question: settles once what is in sight has its colours. */
  async ask(question: Question): Promise<void> {
    if (this.#question === null || serverQuery(question) !== serverQuery(this.#question)) {
      this.#asking.abort();
      this.#asking = new AbortController();
      this.#held.clear();
      this.#asked.clear();
    }
    this.#question = question;
    const level = this.#map.level();
    if (level === null) return;
    await this.#fetch(level);
    void this.#prepare();
  }

  /** The classes to colour by; what is in sight first. */
  async use(legend: LegendDefinition, atlas: string): Promise<void> {
    const same = JSON.stringify(legend) === JSON.stringify(this.#legend);
    [this.#legend, this.#atlas] = [legend, atlas];
    if (same) return;
    const seen = this.#map.level();
    if (seen !== null) await this.#paint(seen);
    // What is not in sight is waited for by nobody.
    void this.#paintAll(this.#map.levels().filter(({ layer }) => layer !== seen?.layer));
  }

  /** The map moved: what came into sight gets its numbers. */
  look(): void {
    const level = this.#map.level();
    if (level === null || this.#question === null) return;
    this.#fetch(level).then(() => this.#prepare(), this.#onTrouble);
  }

  /** The map has its style: loaded anew, its features lost their colours; changed in place, as is usual, they have them. */
  recover(): void {
    const lost = this.#map.levels().filter((level) => {
      const [painted] = this.#given.get(level.layer)?.keys() ?? [];
      return painted !== undefined && !this.#map.isPainted(level, painted);
    });
    for (const { layer } of lost) {
      this.#given.delete(layer);
      // A painting under way would give colours that nobody notes.
      this.#begin(layer);
    }
    void this.#paintAll(lost);
  }

  /** The numbers of a feature, null while they are not here. */
  of(layer: string, id: number): Record<string, number | null> | null {
    const values = this.#held.get(layer)?.values;
    return values === undefined ? null : valuesOf(values, id);
  }

  /** Once what is in sight has its colours, or its numbers were waited for in vain. */
  async settled(): Promise<void> {
    const level = this.#map.level();
    if (level === null) return;
    for (let waits = 0; waits < 100 && !this.#holds(level.layer); waits += 1) await new Promise((resume) => setTimeout(resume, 100));
    await this.#paint(level);
  }

  /** Whether the numbers of what is in sight are here. */
  #holds(layer: string): boolean {
    const held = this.#held.get(layer);
    return held !== undefined && (held.box === null || contains(held.box, this.#map.bounds()));
  }

  /** What a zoom more or less would show; a failure there is told when it is in sight. */
  async #prepare(): Promise<void> {
    const near = this.#map.levels().filter(({ layer }) => layer !== 'cells' || this.#map.camera().zoom >= cellsFrom);
    for (const level of near) await this.#fetch(level).catch(() => undefined);
  }

  #fetch(level: Level): Promise<void> {
    const { layer } = level;
    const question = this.#question;
    if (question === null || this.#holds(layer)) return Promise.resolve();
    const box = layer === 'cells' ? snapped(this.#map.bounds()) : null;
    const key = String(box);
    const asked = this.#asked.get(layer);
    if (asked?.key === key) return asked.there;
    const there = this.#bring(level, question, box);
    this.#asked.set(layer, { key, there });
    return there;
  }

  async #bring(level: Level, question: Question, box: Bounds | null): Promise<void> {
    const { layer } = level;
    const { signal } = this.#asking;
    const isLast = (): boolean => !signal.aborted && this.#asked.get(layer)?.key === String(box);
    try {
      const values = await fetchValues(layer, question, box, this.#atlas, signal);
      if (!isLast()) return;
      this.#held.set(layer, { values, box });
      await this.#paint(level);
    } catch (failure) {
      if (!isLast()) return;
      this.#asked.delete(layer);
      throw failure;
    }
  }

  async #paintAll(levels: readonly Level[]): Promise<void> {
    for (const level of levels) await this.#paint(level);
  }

  /** The number of a painting, which ends those of the layer before it. */
  #begin(layer: string): number {
    const mine = (this.#turns.get(layer) ?? 0) + 1;
    this.#turns.set(layer, mine);
    return mine;
  }

  /** In turns short enough that the page stays at hand; a later painting of the layer takes over. */
  async #paint(level: Level): Promise<void> {
    const { layer } = level;
    const values = this.#held.get(layer)?.values;
    if (values === undefined || this.#legend === null) return;
    const mine = this.#begin(layer);
    const of = painter(this.#legend, values);
    const given = this.#given.get(layer) ?? new Map<number, string>();
    this.#given.set(layer, given);
    // Those that other values gave a colour, and these say nothing of, lose it.
    const unsaid = values.of === null ? [] : [...given.keys()];
    let until = performance.now() + turn;
    let done = 0;
    for (const ids of [identifiers(values), unsaid]) {
      for (const id of ids) {
        const paint = of(id);
        const next = written(paint);
        if ((given.get(id) ?? '') !== next) {
          if (next === '') given.delete(id);
          else given.set(id, next);
          this.#map.paint(level, id, paint);
        }
        done += 1;
        if (done % 128 === 0 && performance.now() > until) {
          await new Promise((resume) => setTimeout(resume));
          if (this.#turns.get(layer) !== mine) return;
          until = performance.now() + turn;
        }
      }
    }
  }
}

function written(paint: Paint | null): string {
  return paint === null ? '' : `${paint.colour}${paint.edge ? '/' : ''}${paint.estimated ? '\\' : ''}`;
}

function snapped([west, south, east, north]: Bounds): Bounds {
  const down = (degrees: number): number => Math.floor(degrees / boxStep) * boxStep;
  const up = (degrees: number): number => Math.ceil(degrees / boxStep) * boxStep;
  return [Math.max(-180, down(west)), Math.max(-90, down(south)), Math.min(180, up(east)), Math.min(90, up(north))];
}

function contains(outer: Bounds, inner: Bounds): boolean {
  return outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];
}
