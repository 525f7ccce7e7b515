import { describe, expect, it } from 'vitest';
import { labelOf, slug, vocabularies, vocabulary } from './vocabulary.ts';

describe('the terms of the national schema', () => {
  it('are named as the server names them', () => {
    expect(slug('Aide aux démarches administratives')).toBe('aide-aux-demarches-administratives');
    expect(slug('Formé à « DUPLEX » (illettrisme)')).toBe('forme-a-duplex-illettrisme');
    expect(slug("Point d'accès numérique CAF")).toBe('point-d-acces-numerique-caf');
    expect(slug('Emmaüs Connect')).toBe('emmaus-connect');
  });

  it('are found by that name, in their own list only', () => {
    for (const name of vocabularies) {
      for (const label of vocabulary[name]) expect(labelOf(name, slug(label))).toBe(label);
    }
    expect(labelOf('public', 'aidants-connect')).toBeNull();
    expect(labelOf('toString', 'x')).toBeNull();
  });
});
