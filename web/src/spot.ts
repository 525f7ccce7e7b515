// The place whose card is open, as a link holds it.
import { kinds, levelOf, type Level } from './columns.ts';

/** Where it was clicked, or the row of a table it was chosen from. */
export type Spot = { readonly at: readonly [lon: number, lat: number] } | { readonly level: Level; readonly code: string };

// A metre or so: a click is no finer.
const decimals = 5;

/** `3.88496,45.04277` or `commune:43157`; null for anything else. */
export function parseSpot(text: string): Spot | null {
  const [, lon, lat] = /^(-?\d{1,3}(?:\.\d+)?),(-?\d{1,2}(?:\.\d+)?)$/.exec(text) ?? [];
  if (lon !== undefined && lat !== undefined) {
    const onEarth = Math.abs(Number(lon)) <= 180 && Math.abs(Number(lat)) <= 90;
    return onEarth ? { at: [Number(lon), Number(lat)] } : null;
  }
  const [, kind = '', code = ''] = /^([a-z]+):([0-9AB]{1,9})$/.exec(text) ?? [];
  const level = levelOf(kind);
  return level && { level, code };
}

export function writeSpot(spot: Spot): string {
  if ('at' in spot) return spot.at.map((degrees) => String(Number(degrees.toFixed(decimals)))).join();
  return `${kinds[spot.level]}:${spot.code}`;
}
