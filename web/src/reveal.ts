// Brings what a table lists, or a site's search finds, into view: its card, its outline, or the question about it.
import { boxOf } from './chosen.ts';
import { kinds, type Level, type Row } from './columns.ts';
import type { Inspector } from './inspector.ts';
import type { MapView } from './map.ts';
import type { Named } from './perimeter.ts';
import type { Question } from './question.ts';
import { fetchFeature, searchTerritories, type Bounds } from './server.ts';
import { lowerSheet } from './sheet.ts';
import { isAnswered, site } from './site.ts';

type Found = Named & { readonly id: string; readonly bbox: Bounds | null };

export interface RevealEvents {
  readonly map: () => MapView | null;
  readonly question: () => Question;
  readonly inspector: Inspector;
  /** Asks about a territory alone. */
  readonly choose: (territory: Found) => void;
  readonly onTrouble: (reason: unknown) => void;
}

export class Reveal {
  readonly #around: RevealEvents;

  constructor(around: RevealEvents) {
    this.#around = around;
  }

  /** What shows the place of a row of a table; null where there is neither a card of it nor a map. */
  rows(level: Level): ((row: Row) => void) | null {
    if (level === 'zones' && (this.#around.map() === null || site !== null)) return null;
    return (row) => void this.#row(level, row).catch(this.#around.onTrouble);
  }

  /** A site has no answer about two territories together, nor about a commune, which is shown on the map. */
  inSite(territory: Found): void {
    if (isAnswered(territory.id)) this.#around.choose(territory);
    else if (territory.bbox !== null) this.#around.map()?.fit(territory.bbox);
  }

  async #row(level: Level, row: Row): Promise<void> {
    const code = row['code'] ?? '';
    if (site !== null) {
      const place = (await searchTerritories(code)).find(({ id }) => id === `${kinds[level]}:${code}`);
      if (place !== undefined) this.inSite(place);
      return;
    }
    lowerSheet();
    if (level === 'zones') await this.#zone(row['id'] ?? '');
    else await this.#around.inspector.open(level, code);
  }

  /** Outlined, and no card: the row has said all of it. */
  async #zone(id: string): Promise<void> {
    const asked = this.#around.question();
    const { geometry } = await fetchFeature('zones', id, asked);
    const map = this.#around.map();
    if (map === null || asked !== this.#around.question()) return;
    const box = boxOf({ geometry });
    if (box !== null) map.fit(box, false);
    this.#around.inspector.inspect(null);
    map.outlineZone(geometry);
  }
}
