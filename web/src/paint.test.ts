import { describe, expect, it } from 'vitest';
import { painter } from './paint.ts';
import type { LegendDefinition } from './server.ts';
import type { Values } from './values.ts';

const legend: LegendDefinition = {
  metric: 'access_min', title: '', unit: '', attribute: 'access_min', second: null,
  classes: [
    { label: '', colour: '#near', min: null, max: 10 },
    { label: '', colour: '#middle', min: 10, max: 20 },
    { label: '', colour: '#far', min: 20, max: null },
  ],
  no_data: { label: '', colour: '#none' }, no_road: { label: '', colour: '#road' },
  estimated: false, hatch: 'bord', estimated_hatch: null,
};

/** One column of each name, a value for each identifier from 1. */
function values(columns: Readonly<Record<string, readonly (number | null)[]>>): Values {
  const entries = Object.entries(columns).map(([name, list]) => [name, (id: number) => list[id - 1] ?? null] as const);
  return { ids: Math.max(...Object.values(columns).map(({ length }) => length)), columns: new Map(entries) };
}

describe('the colour of a feature', () => {
  it('is its class, the lower bound within and the upper one without', () => {
    const of = painter(legend, values({ population: [1, 1, 1, 1, 1], access_min: [0, 9.9, 10, 20, 500] }));
    expect([1, 2, 3, 4, 5].map((id) => of(id)?.colour)).toEqual(['#near', '#near', '#middle', '#far', '#far']);
  });

  it('is that of no data, or of no road where people are counted without a time, and none outside the perimeter', () => {
    const of = painter(legend, values({ population: [0, 9, null], access_min: [null, null, 5], beyond_share: [null, 1, 0] }));
    expect([1, 2, 3].map((id) => of(id)?.colour)).toEqual(['#none', '#road', undefined]);
  });

  it('is hatched only where the legend explains the hatch', () => {
    const numbers = values({ population: [1, 1], access_min: [1, 1], edge: [1, 0], estimated: [1, 1] });
    expect(painter(legend, numbers)(1)).toEqual({ colour: '#near', edge: true, estimated: false });
    expect(painter({ ...legend, hatch: null, estimated_hatch: 'estimé' }, numbers)(1)).toEqual({ colour: '#near', edge: false, estimated: true });
    expect(painter(legend, numbers)(2)?.edge).toBe(false);
  });

  it('crosses two attributes where the legend has two, and needs both', () => {
    const ranges = [{ min: null, max: 10 }, { min: 10, max: null }];
    const classes = ranges.flatMap((first, i) => ranges.map((second, j) => ({ label: '', colour: `#${i}${j}`, ...first, second })));
    const of = painter({ ...legend, second: 'fragility', classes }, values({ population: [1, 1, 1, 1], access_min: [1, 10, 10, 5], fragility: [10, 3, 12, null] }));
    expect([1, 2, 3, 4].map((id) => of(id)?.colour)).toEqual(['#01', '#10', '#11', '#none']);
  });
});
