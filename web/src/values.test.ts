import { describe, expect, it } from 'vitest';
import { identifiers, readValues, valuesOf } from './values.ts';

/** The form as docs/api.md tells it, written from that text alone. */
function written(ids: number, columns: readonly (readonly [name: string, width: 1 | 2 | 4 | 8, decimals: number, numbers: readonly (number | null)[]])[], of: readonly number[] | null = null): ArrayBuffer {
  const bytes: number[] = [...new TextEncoder().encode('MVAL'), 1, of === null ? 0 : 1, columns.length, 0];
  const whole = (number: number, width: number): void => {
    for (let byte = 0; byte < width; byte++) bytes.push(Math.floor(number / 256 ** byte) % 256);
  };
  const pad = (): void => {
    while (bytes.length % 8 !== 0) bytes.push(0);
  };
  whole(ids, 4);
  whole(0, 4);
  for (const id of of ?? []) whole(id, 4);
  pad();
  for (const [name, width, decimals, numbers] of columns) {
    bytes.push(width, decimals, 0, name.length, 0, 0, 0, 0, ...new TextEncoder().encode(name));
    pad();
    for (let first = 0; first < ids; first += 8) {
      bytes.push(numbers.slice(first, first + 8).reduce<number>((bits, number, bit) => bits + (number === null ? 0 : 2 ** bit), 0));
    }
    pad();
    for (const number of numbers) {
      if (width === 8) bytes.push(...new Uint8Array(new Float64Array([number ?? 0]).buffer));
      else whole(number ?? 0, width);
    }
    pad();
  }
  return Uint8Array.from(bytes).buffer;
}

describe('values by identifier', () => {
  const numbers = [0, null, 253, 7, null, 1, 2, 3, 12];

  it('come back as they were written, in every width, and null where there is none', () => {
    const buffer = written(9, [
      ['beyond', 1, 0, numbers],
      ['access_min', 2, 1, numbers],
      ['population', 4, 0, numbers],
      ['odd', 8, 0, numbers.map((number) => (number === null ? null : number / 3))],
    ]);
    const values = readValues(buffer);
    expect(values.ids).toBe(9);
    expect([...values.columns.keys()]).toEqual(['beyond', 'access_min', 'population', 'odd']);
    numbers.forEach((number, rank) => {
      const tenth = number === null ? null : number / 10;
      expect(valuesOf(values, rank + 1)).toEqual({ beyond: number, access_min: tenth, population: number, odd: number === null ? null : number / 3 });
    });
  });

  it('are of the identifiers listed, and of no other', () => {
    const of = [2, 3, 5, 40, 41, 42, 70_000, 70_001, 4_000_000_000];
    const values = readValues(written(9, [['beyond', 2, 0, numbers]], of));
    expect([...identifiers(values)]).toEqual(of);
    of.forEach((id, rank) => expect(valuesOf(values, id)).toEqual({ beyond: numbers[rank] }));
    for (const id of [1, 4, 43, 69_999, 4_000_000_001]) expect(valuesOf(values, id)).toEqual({ beyond: null });
    expect([...identifiers(readValues(written(3, [])))]).toEqual([1, 2, 3]);
    expect([...identifiers(readValues(written(0, [['beyond', 1, 0, []]], [])))]).toEqual([]);
  });

  it('are refused when they are of another form, or cut', () => {
    const buffer = written(9, [['beyond', 4, 0, numbers]]);
    for (const length of [0, 3, 10, 20, buffer.byteLength - 8]) {
      expect(() => readValues(buffer.slice(0, length)), String(length)).toThrow(RangeError);
    }
    const other = new Uint8Array(buffer.slice(0));
    other[4] = 2;
    expect(() => readValues(other.buffer)).toThrow('version 1');
  });
});
