import { describe, expect, it } from 'vitest';
import type { Isochrone } from './server.ts';
import { venueFromTile, withinInWords } from './venue.ts';

const within = (population: number): string => {
  const isochrone: Isochrone = {
    type: 'Feature',
    properties: { minutes: 10, population, method: 'routed' },
    geometry: { type: 'MultiPolygon', coordinates: [] },
  };
  return withinInWords(isochrone).replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');
};

describe('a clicked venue', () => {
  it('counts the people within some minutes', () => {
    expect(within(124000)).toBe('124 000 habitants à moins de 10 min');
    expect(within(1)).toBe('1 habitant à moins de 10 min');
    expect(within(0)).toBe('0 habitant à moins de 10 min');
  });

  it('trusts no attribute that is not a text', () => {
    expect(venueFromTile({ code: 'a-1', name: 'Médiathèque', address: 3 })).toEqual({
      id: 'a-1', name: 'Médiathèque', commune: '', address: '',
    });
  });
});
