// Ground of one's own: corners clicked on the map, or set at its centre from the keyboard, become a perimeter.
import { drawOutline } from './drawn.ts';
import { element, part } from './element.ts';
import { count } from './french.ts';
import type { MapView } from './map.ts';
import { Problem, type Diagnosis } from './server.ts';
import { lowerSheet } from './sheet.ts';
import { say, type Wording } from './wording.ts';

type Corner = readonly [lon: number, lat: number];

export interface OutlineEvents {
  readonly map: () => MapView | null;
  /** Has the ground answered for; fails where it will not do. */
  readonly ask: (corners: readonly Corner[]) => Promise<Diagnosis>;
  readonly onDone: (diagnosis: Diagnosis) => void;
}

export class Outline {
  readonly #events: OutlineEvents;
  #corners: Corner[] | null = null;

  constructor(events: OutlineEvents) {
    this.#events = events;
    const button = (words: Wording, onClick: () => void): HTMLButtonElement => {
      const made = element('button', { type: 'button' }, say(words));
      made.addEventListener('click', onClick);
      return made;
    };
    part('drawing').append(
      element('p', {}, say('draw.hint')),
      element('p', { id: 'drawing-state', role: 'status' }),
      button('draw.add', () => this.#addCentre()),
      button('draw.undo', () => this.#undo()),
      button('draw.done', () => void this.#finish()),
      button('draw.cancel', () => this.#stop()),
    );
    part('draw').addEventListener('click', () => this.#start());
    part('frame').addEventListener('keydown', (event) => this.#onKey(event));
    addEventListener('popstate', () => this.isDrawing && this.#stop());
  }

  get isDrawing(): boolean {
    return this.#corners !== null;
  }

  add(corner: Corner): void {
    if (this.#corners !== null) this.#corners = [...this.#corners, corner];
    this.#show();
  }

  #start(): void {
    this.#corners = [];
    lowerSheet();
    part('drawing').hidden = false;
    part('frame').classList.add('drawing');
    this.#show();
    part('drawing').querySelector('button')?.focus();
  }

  #stop(): void {
    this.#corners = null;
    part('drawing').hidden = true;
    part('frame').classList.remove('drawing');
    this.#events.map()?.explain(null);
    part('draw').focus();
  }

  #addCentre(): void {
    const camera = this.#events.map()?.camera();
    if (camera !== undefined) this.add([camera.lon, camera.lat]);
  }

  #undo(): void {
    this.#corners = this.#corners?.slice(0, -1) ?? null;
    this.#show();
  }

  #onKey(event: KeyboardEvent): void {
    if (this.#corners === null) return;
    if (event.key === 'Escape') this.#stop();
    else if (event.key === 'Backspace') this.#undo();
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) void this.#finish();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #show(words?: string): void {
    const corners = this.#corners ?? [];
    part('drawing-state').textContent = words ?? count(corners.length, say('draw.corners.one'), say('draw.corners.several'));
    this.#events.map()?.explain(corners.length === 0 ? null : drawOutline(corners));
  }

  async #finish(): Promise<void> {
    const corners = this.#corners;
    if (corners === null) return;
    if (corners.length < 3) {
      this.#show(say('draw.few'));
      return;
    }
    this.#show(say('draw.asking'));
    try {
      const diagnosis = await this.#events.ask(corners);
      if (this.#corners !== corners) return;
      this.#stop();
      this.#events.onDone(diagnosis);
    } catch (failure) {
      const isRefused = failure instanceof Problem && failure.status === 400;
      const words = isRefused ? say('draw.refused') : failure instanceof Error ? failure.message : String(failure);
      if (this.#corners === corners) this.#show(words);
    }
  }
}
