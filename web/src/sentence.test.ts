import { describe, expect, it } from 'vitest';
import { where } from './perimeter.ts';
import { usualQuestion, type Filter } from './question.ts';
import { sentence } from './sentence.ts';

const region = { kind: 'region', code: '84', name: 'Auvergne-Rhône-Alpes' };
const rhone = { kind: 'departement', code: '69', name: 'Rhône' };

function filtered(...filters: Filter[]): string {
  return sentence({ ...usualQuestion, filters }, []).replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');
}

describe('the question in words', () => {
  it('says people, minutes, mode, venue and place', () => {
    expect(sentence(usualQuestion, [region])).toBe(
      'Personnes à plus de 20\u00a0min en voiture d’un lieu de médiation numérique, en Auvergne-Rhône-Alpes',
    );
    expect(sentence({ ...usualQuestion, mode: 'walk', minutes: 15 }, [])).toContain('à plus de 15\u00a0min à pied d’un lieu');
  });

  it('says the criteria of the question', () => {
    expect(sentence({ ...usualQuestion, filters: [['fee', 'free'], ['open', 'saturday']] }, [rhone])).toBe(
      'Personnes à plus de 20\u00a0min en voiture d’un lieu de médiation numérique gratuit et ouvert le samedi, dans le Rhône',
    );
    expect(filtered(['open', 'tu-18:30'])).toContain('ouvert le mardi à 18 h 30');
    expect(filtered(['fee', 'free,conditional'])).toContain('gratuit ou gratuit sous condition');
    expect(filtered(['service', 'aide-aux-demarches-administratives'])).toContain('pour l’aide aux démarches administratives');
    expect(filtered(['fragility_min', '7'])).toContain('là où l’indice de fragilité est d’au moins 7, à plus de');
  });

  it('quotes a filter it has no words for rather than hiding it', () => {
    expect(filtered(['moon', 'full'])).toContain('(filtre moon : full)');
    expect(filtered(['open', 'someday'])).toContain('(filtre open : someday)');
    expect(filtered(['fee', 'open'])).toContain('(filtre fee : open)');
    expect(filtered(['toString', 'x'])).toContain('(filtre toString : x)');
    expect(filtered(['fee', 'toString'])).toContain('(filtre fee : toString)');
  });
});

describe('where', () => {
  it('takes the preposition each name asks for', () => {
    const said = (kind: string, code: string, name: string): string => where([{ kind, code, name }]);
    expect(said('departement', '63', 'Puy-de-Dôme')).toBe(', dans le Puy-de-Dôme');
    expect(said('departement', '43', 'Haute-Loire')).toBe(', en Haute-Loire');
    expect(said('departement', '01', 'Ain')).toBe(', dans l’Ain');
    expect(said('departement', '975', 'Saint-Pierre-et-Miquelon')).toBe(', à Saint-Pierre-et-Miquelon');
    expect(said('region', '32', 'Hauts-de-France')).toBe(', dans les Hauts-de-France');
    expect(said('commune', '43157', 'Le Puy-en-Velay')).toBe(', au Puy-en-Velay');
    expect(said('commune', '69123', 'Lyon')).toBe(', à Lyon');
    expect(said('epci', '200046977', 'Métropole de Lyon')).toBe(', dans l’intercommunalité Métropole de Lyon');
  });

  it('knows every département', () => {
    const numbered = Array.from({ length: 95 }, (_, rank) => String(rank + 1).padStart(2, '0')).filter((code) => code !== '20');
    for (const code of [...numbered, '2A', '2B', '971', '972', '973', '974', '976']) {
      expect(where([{ kind: 'departement', code, name: 'X' }]), code).not.toContain('département');
    }
  });

  it('joins several', () => {
    expect(where([rhone, { kind: 'departement', code: '43', name: 'Haute-Loire' }])).toBe(', dans le Rhône et en Haute-Loire');
  });
});
