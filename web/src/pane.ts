// A map of one question: its style, and the colours that come apart from it. Two of them make a comparison.
import { Colouring } from './colouring.ts';
import type { MapEvents, MapView } from './map.ts';
import type { Camera, Question } from './question.ts';
import { fetchStyle, type Bounds, type MapStyle, type Times } from './server.ts';

/** The library of the map, which comes after the words. */
export type Library = Promise<typeof import('./map.ts')>;

export class Pane {
  readonly #container: string;
  readonly #library: Library;
  readonly #events: Omit<MapEvents, 'onStyle'>;
  #view: MapView | null = null;
  #colouring: Colouring | null = null;
  #style: MapStyle | null = null;
  #coloured = true;

  constructor(container: string, library: Library, events: Omit<MapEvents, 'onStyle'>) {
    this.#container = container;
    this.#library = library;
    this.#events = events;
  }

  get view(): MapView | null {
    return this.#view;
  }

  get times(): { readonly times: Times; readonly stranded: boolean } {
    const metadata = this.#style?.metadata;
    return { times: metadata?.['maillage:times'] ?? 'estimated', stranded: metadata?.['maillage:stranded'] ?? false };
  }

  /** Whether the areas have the colours of the question last drawn. */
  get isColoured(): boolean {
    return this.#coloured;
  }

  numbers(layer: string, id: number): Record<string, number | null> | null {
    return this.#colouring?.of(layer, id) ?? null;
  }

  /** Draws a question, starting where `start` says the first time; `onStyle` hears of the style before the map is there. */
  async draw(question: Question, signal: AbortSignal, start: (style: MapStyle) => Camera | Bounds, onStyle: (style: MapStyle) => void): Promise<void> {
    // Numbers need not wait for the style.
    const early = this.#colouring?.ask(question).catch(() => undefined);
    this.#coloured = false;
    const style = await fetchStyle(question, signal);
    this.#style = style;
    onStyle(style);
    if (this.#view === null) await this.#open(style, start(style));
    else this.#view.show(style);
    const legend = style.metadata['maillage:legend'];
    if (this.#colouring !== null && legend !== undefined) {
      await Promise.all([early, this.#colouring.use(legend, style.metadata['maillage:atlas'] ?? '')]);
      await this.#colouring.ask(question);
    }
    if (signal.aborted) return;
    this.#coloured = true;
    // What benches/page.mjs measures: the question is on the screen.
    this.#view?.onceDrawn(() => performance.mark('maillage:shown'));
  }

  async #open(style: MapStyle, start: Camera | Bounds): Promise<void> {
    const { MapView } = await this.#library;
    if (this.#view !== null) return;
    const apart = style.metadata['maillage:values'] === 'apart';
    const view = new MapView(this.#container, style, start, {
      ...this.#events,
      onStyle: () => this.#colouring?.forget(),
      onMove: (camera) => {
        this.#colouring?.look();
        this.#events.onMove(camera);
      },
    });
    this.#view = view;
    if (apart) this.#colouring = new Colouring(view, this.#events.onTrouble);
  }

  close(): void {
    this.#view?.remove();
    this.#view = null;
  }
}
