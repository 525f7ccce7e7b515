import { describe, expect, it } from 'vitest';
import { count, day, distance, list, minutes, number, percent, typeset } from './french.ts';

describe('numbers', () => {
  it('groups thousands with a narrow no-break space and writes a decimal comma', () => {
    expect(number(8205557)).toBe('8\u202f205\u202f557');
    expect(number(999)).toBe('999');
    expect(number(1234.56, 1)).toBe('1\u202f234,6');
  });

  it('drops decimals that say nothing', () => {
    expect(number(12, 1)).toBe('12');
    expect(number(12.04, 1)).toBe('12');
    expect(number(0.5, 2)).toBe('0,5');
    expect(number(100, 1)).toBe('100');
  });

  it('writes a real minus sign, and none before zero', () => {
    expect(number(-1500)).toBe('−1\u202f500');
    expect(number(-0.01, 1)).toBe('0');
  });

  it('writes minutes with a decimal only where it is felt', () => {
    expect(minutes(8.54)).toBe('8,5\u00a0min');
    expect(minutes(23.4)).toBe('23\u00a0min');
    expect(minutes(20)).toBe('20\u00a0min');
  });
});

describe('distances', () => {
  it('are tens of metres, then tenths of a kilometre', () => {
    expect(distance(347)).toBe('350\u00a0m');
    expect(distance(996)).toBe('1\u00a0km');
    expect(distance(1912)).toBe('1,9\u00a0km');
    expect(distance(0)).toBe('0\u00a0m');
  });
});

describe('shares', () => {
  it('puts a narrow no-break space before the percent sign', () => {
    expect(percent(0.031)).toBe('3,1\u202f%');
    expect(percent(0)).toBe('0\u202f%');
    expect(percent(1)).toBe('100\u202f%');
  });

  it('never rounds a few people to none, nor almost all to all', () => {
    expect(percent(0.0001)).toBe('<\u00a00,1\u202f%');
    expect(percent(0.9999)).toBe('>\u00a099,9\u202f%');
  });
});

describe('words', () => {
  it('keeps the singular below two, as French does', () => {
    expect(count(0, 'personne', 'personnes')).toBe('0\u00a0personne');
    expect(count(1, 'zone', 'zones')).toBe('1\u00a0zone');
    expect(count(1.5, 'heure', 'heures', 1)).toBe('1,5\u00a0heure');
    expect(count(2, 'zone', 'zones')).toBe('2\u00a0zones');
    expect(count(12000, 'personne', 'personnes')).toBe('12\u202f000\u00a0personnes');
  });

  it('joins a list with « et » before the last', () => {
    expect(list([])).toBe('');
    expect(list(['a'])).toBe('a');
    expect(list(['a', 'b', 'c'])).toBe('a, b et c');
  });

  it('ties double punctuation to its word and bends apostrophes', () => {
    expect(typeset("Qui ? L'Ain : « oui » !")).toBe('Qui\u202f? L’Ain\u202f: «\u202foui\u202f»\u202f!');
    const once = typeset('Accueillant « les jeunes » : qui ?');
    expect(typeset(once)).toBe(once);
    expect(typeset('de 5 à 10 min')).toBe('de 5 à 10 min');
  });
});

describe('days', () => {
  it('writes the first of a month as an ordinal', () => {
    expect(day(new Date(2026, 2, 1))).toBe('1er\u00a0mars\u00a02026');
    expect(day(new Date(2026, 10, 23))).toBe('23\u00a0novembre\u00a02026');
  });
});
