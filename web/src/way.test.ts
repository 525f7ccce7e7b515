import { describe, expect, it } from 'vitest';
import type { Leg } from './server.ts';
import { methodInWords, methodOf, wayInWords } from './way.ts';

const leg = (mode: Leg['mode'], minutes: number, metres: number): Leg => ({ mode, minutes, metres });
const plain = (words: string): string => words.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');

describe('a way in words', () => {
  it('says each leg, and how far the ride is', () => {
    const legs = [leg('walk', 0.2, 15), leg('car', 5.4, 1912), leg('walk', 0.1, 8)];
    expect(plain(wayInWords(legs))).toBe('0,2 min à pied, 5,4 min en voiture (1,9 km), 0,1 min à pied');
    expect(plain(wayInWords([leg('walk', 0, 2), leg('bike', 12.4, 2480), leg('walk', 0.3, 20)]))).toBe('12 min à vélo (2,5 km), 0,3 min à pied');
  });

  it('is one walk when all of it is on foot', () => {
    const legs = [leg('walk', 0.2, 15), leg('walk', 4.1, 330), leg('walk', 0.1, 8)];
    expect(plain(wayInWords(legs))).toBe('350 m à pied');
  });

  it('has no words where the time is estimated', () => {
    expect(wayInWords([])).toBe('');
  });
});

describe('how a time was found', () => {
  it('is computed along roads, or estimated', () => {
    expect(methodInWords(methodOf('routed', 'mixed', 'many'))).toBe('calculé');
    expect(methodInWords(methodOf('estimated', 'estimated', 'many'))).toBe('estimé');
    expect(methodInWords(methodOf(null, 'routed', 'many'))).toBe('');
  });

  it('is partly estimated for the many of whom only some are', () => {
    expect(methodInWords(methodOf('estimated', 'mixed', 'many'))).toBe('estimé en partie');
    expect(methodInWords(methodOf('estimated', 'mixed', 'one'))).toBe('estimé');
  });
});
