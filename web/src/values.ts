// Numbers of a layer without its shapes, as `/values` sends them in binary; docs/api.md describes the form.

/** A column's value of an identifier, null where there is none. */
export type Column = (id: number) => number | null;

export interface Values {
  /** How many identifiers there are. */
  readonly ids: number;
  /** Those listed, ascending; null where they are 1 to `ids`. */
  readonly of: Uint32Array | null;
  readonly columns: ReadonlyMap<string, Column>;
}

export const valuesMedia = 'application/vnd.maillage.values';

const arrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: Float64Array } as const;

function padded(at: number): number {
  return Math.ceil(at / 8) * 8;
}

/** Throws a `RangeError` where the bytes are not of this form, or end too soon. */
export function readValues(buffer: ArrayBuffer): Values {
  const head = new DataView(buffer);
  const text = (at: number, length: number): string => new TextDecoder().decode(new Uint8Array(buffer, at, length));
  if (text(0, 4) !== 'MVAL' || head.getUint8(4) !== 1) throw new RangeError('not values of version 1');
  const ids = head.getUint32(8, true);
  const of = head.getUint8(5) === 1 ? new Uint32Array(buffer, 16, ids) : null;
  const rankOf = (id: number): number => (of === null ? id - 1 : rankIn(of, id));
  const columns = new Map<string, Column>();
  let at = padded(16 + (of?.byteLength ?? 0));
  for (let left = head.getUint16(6, true); left > 0; left -= 1) {
    const [width, decimals, length] = [head.getUint8(at), head.getUint8(at + 1), head.getUint8(at + 3)];
    const known = new Uint8Array(buffer, padded(at + 8 + length), Math.ceil(ids / 8));
    const start = padded(known.byteOffset + known.length);
    const numbers = new (arrayOf(width))(buffer, start, ids);
    const scale = 10 ** decimals;
    const isKnown = (rank: number): boolean => (((known[rank >> 3] ?? 0) >> (rank & 7)) & 1) === 1;
    columns.set(text(at + 8, length), (id) => {
      const rank = rankOf(id);
      return rank >= 0 && isKnown(rank) ? (numbers[rank] ?? 0) / scale : null;
    });
    at = padded(start + ids * width);
  }
  return { ids, of, columns };
}

/** The rank of an identifier in an ascending list, -1 when it is not there. */
function rankIn(list: Uint32Array, id: number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((list[middle] ?? 0) < id) from = middle + 1;
    else to = middle;
  }
  return list[from] === id ? from : -1;
}

/** Every identifier, ascending. */
export function* identifiers({ ids, of }: Values): Iterable<number> {
  for (let rank = 0; rank < ids; rank += 1) yield of?.[rank] ?? rank + 1;
}

function arrayOf(width: number): (typeof arrays)[keyof typeof arrays] {
  if (width === 1 || width === 2 || width === 4 || width === 8) return arrays[width];
  throw new RangeError(`a number of ${width} bytes`);
}

/** The numbers of one feature, by column. */
export function valuesOf({ columns }: Values, id: number): Record<string, number | null> {
  return Object.fromEntries([...columns].map(([name, column]) => [name, column(id)]));
}
