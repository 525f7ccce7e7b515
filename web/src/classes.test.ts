import { describe, expect, it } from 'vitest';
import { className, lengths } from './classes.ts';

describe('classes of fragility', () => {
  it('are named by the index they hold', () => {
    expect([1, 9, 10, null].map(className)).toEqual(['1 à 2', '9 à 10', '10', 'Sans donnée']);
  });

  it('are drawn against the fullest; a few people are not drawn as none', () => {
    const of = (beyond: number) => ({ class: 1, population: 5000, beyond, beyond_share: null });
    expect(lengths([of(1000), of(500), of(1), of(0)])).toEqual([100, 50, 1, 0]);
    expect(lengths([of(0)])).toEqual([0]);
  });
});
