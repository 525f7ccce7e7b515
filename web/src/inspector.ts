// What a click tells: the card of the place, the way from the point, who comes to the venue; and what of it is drawn.
import { boxOf, clickedOf, fromTable, spotOf } from './chosen.ts';
import type { Level } from './columns.ts';
import { drawIsochrones, drawWay, type Drawn } from './drawn.ts';
import { part } from './element.ts';
import type { Clicked, MapView } from './map.ts';
import type { Named } from './perimeter.ts';
import { final, hidePlace, placeOf, showPlace, type Ground, type PlaceActions, type PlaceFigures } from './place.ts';
import type { Question } from './question.ts';
import { fetchCoded, fetchDiagnosis, fetchFeature, fetchIsochrones, fetchWay, type Times } from './server.ts';
import { isAnswered, site } from './site.ts';
import { writeSpot, type Spot } from './spot.ts';
import { isochroneMinutes, showVenue, venueFromTile } from './venue.ts';

export interface Surroundings {
  readonly map: () => MapView | null;
  readonly question: () => Question;
  /** How times were found on the map, and whether an unknown one means that no road leads there. */
  readonly times: () => { readonly times: Times; readonly stranded: boolean };
  /** A feature's numbers where the map has them apart from its shapes; null where they are not here. */
  readonly numbers: (layer: string, id: number) => Readonly<Record<string, number | null>> | null;
  readonly choose: (territory: Named & { readonly id: string }, how: 'only' | 'besides') => void;
  /** Another card is open, or none any more. */
  readonly onOpen: (spot: Spot | null) => void;
}

export class Inspector {
  readonly #around: Surroundings;
  #clicked: Clicked | null = null;
  #anew: (() => Promise<Clicked | null>) | null = null;
  /** What is being looked for, until something else is looked at. */
  #sought: object | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get isOpen(): boolean {
    return this.#clicked !== null;
  }

  /** `anew` finds again, for another question, a place that no click can find. */
  inspect(place: Clicked | null, anew: (() => Promise<Clicked | null>) | null = null): void {
    // Outlined as a zone is: it came from no tile.
    if (this.#clicked?.shape !== undefined) this.#around.map()?.outlineZone(null);
    [this.#clicked, this.#anew, this.#sought] = [place, anew, null];
    if (place?.shape !== undefined) this.#around.map()?.outlineZone(place.shape);
    this.#around.map()?.outlinePlace(place);
    this.#around.map()?.explain(null);
    this.#around.onOpen(place && spotOf(place));
    if (place === null) hidePlace();
    else if (place.kind === 'venue') this.#venue(place);
    else this.#area(place);
  }

  /** Opens the card of a row of a table and brings its place into view. */
  async open(level: Level, code: string): Promise<void> {
    await this.#find(level, code, 'shown');
    part('place').focus();
  }

  /** Whether the card open is the one a link says. */
  isAt(spot: Spot | null): boolean {
    const now = this.#clicked && spotOf(this.#clicked);
    return now === spot || (now !== null && spot !== null && writeSpot(now) === writeSpot(spot));
  }

  /** Opens again the card that a link says, where it still finds one. */
  async reopen(spot: Spot | null): Promise<void> {
    if (this.isAt(spot)) return;
    if (spot === null) {
      this.inspect(null);
    } else if ('level' in spot) {
      await this.#find(spot.level, spot.code, 'unmoved');
    } else {
      const sought = (this.#sought = {});
      this.#around.map()?.againWhenDrawn(spot, (place) => this.#sought === sought && this.inspect(place));
    }
  }

  /** `unmoved`, the map stays where a link has put it. */
  async #find(level: Level, code: string, how: 'shown' | 'unmoved'): Promise<void> {
    const sought = (this.#sought = {});
    const asked = this.#around.question();
    const found = async (): Promise<Clicked | null> => {
      const feature = await fetchCoded(level, code, this.#around.question());
      return feature && clickedOf(level, feature);
    };
    const place = await found();
    if (this.#sought !== sought) return;
    // Asked something else meanwhile, its figures are another's.
    if (asked !== this.#around.question()) return this.#find(level, code, how);
    const box = place?.shape === undefined ? null : boxOf({ geometry: place.shape });
    // At once: where the card stands aside is judged by where the map stands.
    if (how === 'shown' && box !== null) this.#around.map()?.fit(box, false);
    this.inspect(place, found);
  }

  /** Outlines answer the former question: the zone may be gone, the clicked place has new figures. */
  again(): void {
    const map = this.#around.map();
    map?.outlineZone(null);
    map?.explain(null);
    const [place, anew] = [this.#clicked, this.#anew];
    if (place === null) return;
    const found = (now: Clicked | null): void => {
      if (this.#clicked === place) this.inspect(now, anew);
    };
    if (anew !== null) anew().then(found, () => found(null));
    else if (map === null) found(null);
    else map.againWhenDrawn(place, found);
  }

  #area(place: Clicked): void {
    const question = this.#around.question();
    const isSite = site !== null;
    let figures = this.#figures(place.kind, place.layer, place.id, place.attributes);
    const id = `${figures.kind}:${figures.code}`;
    if (!isAnswered(id)) figures = { ...figures, p90: 'unasked' };
    const isPoint = !isSite && place.source !== fromTable && ['cell', 'commune'].includes(figures.kind);
    const cell = place.cell && this.#figures('cell', 'cells', place.cell.id, place.cell.attributes);
    let ground: Ground = { ...this.#around.times(), cell, way: isPoint ? undefined : 'unasked' };
    const actions = this.#actions(id, figures);
    const show = (): void => {
      if (this.#clicked === place) showPlace(figures, question, ground, actions);
    };
    show();
    this.#around.map()?.uncover(place, part('place').getBoundingClientRect());
    if (isPoint) {
      fetchWay(question, place.at).then(
        (way) => {
          ground = { ...ground, way };
          show();
          if (way !== null) this.#explain(place, drawWay(way, place.at));
        },
        () => {
          ground = { ...ground, way: 'failed' };
          show();
        },
      );
    }
    if (!isSite && place.id !== null) {
      // Outside the territories of the question there is no such feature; of everyone's there is.
      const everywhere = { ...question, territories: [] };
      fetchFeature(place.layer, place.id, question)
        .catch(() => fetchFeature(place.layer, place.id ?? '', everywhere))
        .then(({ properties }) => placeOf(figures.kind, properties ?? {}), () => final(figures))
        .then((known) => {
          figures = { ...known, name: figures.name, code: figures.code, p90: figures.p90 };
          show();
        });
    }
    if (figures.kind === 'cell' || !isAnswered(id)) return;
    fetchDiagnosis({ ...question, territories: [id] })
      .then(({ answer: { access_min_p90 } }) => access_min_p90, () => null)
      .then((p90) => {
        figures = { ...figures, p90 };
        show();
      });
  }

  /** A site's tiles say all; a server's only what does not depend on the question, and its numbers come apart. */
  #figures(kind: string, layer: string, id: number | null, attributes: Clicked['attributes']): PlaceFigures {
    if (site !== null || id === null) return placeOf(kind, attributes);
    const here = this.#around.numbers(layer, id);
    // Nothing is known yet of what the perimeter leaves out.
    const numbers = here?.['population'] == null ? null : here;
    const method = typeof numbers?.['estimated'] !== 'number' ? undefined : numbers['estimated'] === 1 ? 'estimated' : 'routed';
    const { code, name } = attributes;
    return placeOf(kind, { code, name, ...numbers, edge: numbers?.['edge'] === 1, method }, true);
  }

  #actions(id: string, figures: PlaceFigures): PlaceActions {
    const { territories } = this.#around.question();
    const isAsked = figures.kind === 'cell' || !isAnswered(id) || territories.includes(id);
    const choosing = (how: 'only' | 'besides'): (() => void) => () => {
      this.inspect(null);
      this.#around.choose({ id, kind: figures.kind, code: figures.code, name: figures.name }, how);
    };
    return {
      onClose: () => this.inspect(null),
      onOnly: isAsked ? null : choosing('only'),
      // Besides everyone, nobody is left to add.
      onAdd: isAsked || territories.length === 0 || site !== null ? null : choosing('besides'),
    };
  }

  #venue(place: Clicked): void {
    const venue = venueFromTile(place.attributes);
    const { mode } = this.#around.question();
    const show = (reached: Parameters<typeof showVenue>[3]): void => {
      if (this.#clicked === place) showVenue(venue, mode, this.#around.times().times, reached, () => this.inspect(null));
    };
    if (site !== null) {
      show('unasked');
      return;
    }
    show(undefined);
    fetchIsochrones(venue.id, mode, isochroneMinutes).then(
      (reached) => {
        show(reached);
        this.#explain(place, drawIsochrones(reached, place.at));
      },
      () => show('failed'),
    );
  }

  /** Draws what was found about a place, unless another was clicked meanwhile. */
  #explain(place: Clicked, drawn: Drawn | null): void {
    if (this.#clicked === place) this.#around.map()?.explain(drawn, part('place').getBoundingClientRect());
  }
}
