// A map of one question: its style, and the colours that come apart from it. Two of them make a comparison.
import { Colouring } from './colouring.ts';
import type { MapEvents, MapView } from './map.ts';
import { metrics, type Camera, type Metric, type Question } from './question.ts';
import { fetchStyle, type Bounds, type LegendDefinition, type MapStyle, type Times } from './server.ts';
import type { Snapshot } from './snapshot.ts';

/** The library of the map, which comes after the words. */
export type Library = Promise<typeof import('./map.ts')>;

export interface PaneEvents extends Omit<MapEvents, 'onStyle' | 'onRest'> {
  readonly onOpen?: (view: MapView) => void;
}

export class Pane {
  readonly #container: string;
  readonly #title: string;
  readonly #library: Library;
  readonly #events: PaneEvents;
  #view: MapView | null = null;
  #colouring: Colouring | null = null;
  #style: MapStyle | null = null;
  #coloured = true;
  #early: Promise<void> | null = null;
  readonly #legends = new Map<Metric, LegendDefinition>();

  /** `title` is what a screen reader calls the map. */
  constructor(container: string, title: string, library: Library, events: PaneEvents) {
    this.#container = container;
    this.#title = title;
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

  /** Once the colours of the question being drawn are on the screen, where they come before the rest. */
  get firstColours(): Promise<void> {
    return this.#early ?? Promise.resolve();
  }

  numbers(layer: string, id: number): Record<string, number | null> | null {
    return this.#colouring?.of(layer, id) ?? null;
  }

  /** The map as an image, once its areas have their colours; null before there is one. */
  async picture(): Promise<Snapshot | null> {
    await this.#colouring?.settled();
    return this.#view?.picture() ?? null;
  }

  /** Draws a question, starting where `start` says the first time; `onStyle` hears of the style before the map is there. */
  async draw(question: Question, signal: AbortSignal, start: (style: MapStyle) => Camera | Bounds, onStyle: (style: MapStyle) => void): Promise<void> {
    this.#coloured = false;
    // Colours need not wait for the style: its legend is known, but for what it says of the times.
    const legend = this.#legends.get(question.metric);
    this.#early = legend === undefined ? null : this.#colour(question, legend, signal).catch(() => undefined);
    const [style] = await Promise.all([fetchStyle(question, signal), this.#early]);
    if (signal.aborted) return;
    this.#style = style;
    onStyle(style);
    if (this.#view === null) await this.#open(style, start(style), signal);
    else this.#view.show(style);
    const current = style.metadata['maillage:legend'];
    if (current !== undefined) {
      this.#legends.set(question.metric, current);
      await this.#colour(question, current, signal);
    }
    if (signal.aborted) return;
    this.#coloured = true;
    void this.#learnLegends(question, signal);
  }

  async #colour(question: Question, legend: LegendDefinition, signal: AbortSignal): Promise<void> {
    if (this.#colouring === null) return;
    const atlas = this.#style?.metadata['maillage:atlas'] ?? '';
    await Promise.all([this.#colouring.ask(question), this.#colouring.use(legend, atlas)]);
    if (signal.aborted) return;
    await this.#view?.redrawn();
    // What e2e/budgets.test.mjs measures: the question is on the screen.
    if (!signal.aborted) performance.mark('maillage:shown');
  }

  /** The other metrics' classes, so that choosing one recolours at once; without them it waits for the style. */
  async #learnLegends(question: Question, signal: AbortSignal): Promise<void> {
    if (this.#colouring === null) return;
    for (const metric of metrics) {
      if (this.#legends.has(metric)) continue;
      const style = await fetchStyle({ ...question, metric }, signal).catch(() => null);
      if (signal.aborted) return;
      const legend = style?.metadata['maillage:legend'];
      if (legend !== undefined) this.#legends.set(metric, legend);
    }
  }

  async #open(style: MapStyle, start: Camera | Bounds, signal: AbortSignal): Promise<void> {
    const { MapView } = await this.#library;
    if (this.#view !== null || signal.aborted) return;
    const apart = style.metadata['maillage:values'] === 'apart';
    const view = new MapView(this.#container, this.#title, style, start, {
      ...this.#events,
      onStyle: () => this.#colouring?.recover(),
      onRest: () => this.#colouring?.look(),
    });
    this.#view = view;
    this.#events.onOpen?.(view);
    if (apart) this.#colouring = new Colouring(view, this.#events.onTrouble);
  }

  close(): void {
    this.#view?.remove();
    [this.#view, this.#colouring] = [null, null];
  }
}
