import { describe, expect, it } from 'vitest';
import { parsePermalink } from './question.ts';
import { answerFile, fixed, found, type Site } from './site.ts';

const site: Site = { question: 'mode=bike&minutes=15&fee=free', territory: 'region:84', archive: 'tiles.pmtiles', report: 'diagnostic.html', files: {}, answers: ['departement:63'] };

describe('a site of one question', () => {
  it('asks its own question whatever the link leaves out', () => {
    const { question, refused } = fixed(parsePermalink('?territory=departement:63&metric=beyond'), site);
    expect(question).toEqual({ territories: ['departement:63'], mode: 'bike', minutes: 15, filters: [['fee', 'free']], metric: 'beyond' });
    expect(refused).toEqual([]);
  });

  it('refuses by name what another question would need', () => {
    const { question, refused } = fixed(parsePermalink('?mode=walk&minutes=30&open=saturday&fee=free'), site);
    expect(question.minutes).toBe(15);
    expect(refused).toEqual([['open', 'saturday'], ['mode', 'walk'], ['minutes', '30']]);
  });

  it('opens the card of a point of its map, and refuses one that only a server has', () => {
    expect(fixed(parsePermalink('?place=3.1,45.7'), site)).toMatchObject({ setting: { place: { at: [3.1, 45.7] } }, refused: [] });
    expect(fixed(parsePermalink('?place=commune:63113'), site)).toMatchObject({ setting: { place: null }, refused: [['place', 'commune:63113']] });
  });

  it('leaves a link alone where a server answers', () => {
    const link = parsePermalink('?mode=walk&open=saturday');
    expect(fixed(link, null)).toEqual(link);
  });

  it('names the file of an answer as the command that writes it does', () => {
    const asked = (territories: string[]) => ({ ...parsePermalink('').question, territories });
    expect(answerFile('answers', asked([]))).toBe('answers/whole.json');
    expect(answerFile('zones', asked(['epci:200046977']))).toBe('zones/epci-200046977.json');
    expect(answerFile('zones', asked(['departement:63', 'departement:03']))).toBeNull();
  });
});

describe('a search without a server', () => {
  const places = [
    { name: 'Lyon', code: '69123' },
    { name: 'Saint-Étienne', code: '42218' },
    { name: 'Sainte-Foy-lès-Lyon', code: '69202' },
    { name: 'Étienne-sur-Loire', code: '42000' },
  ];
  const names = (text: string) => found(places, text, 3).map(({ name }) => name);

  it('looks at the starts of words, without accents or case', () => {
    expect(names('lyo')).toEqual(['Lyon', 'Sainte-Foy-lès-Lyon']);
    expect(names('SAINT etienne')).toEqual(['Saint-Étienne']);
    expect(names('etienne')).toEqual(['Étienne-sur-Loire', 'Saint-Étienne']);
    expect(names('42218')).toEqual(['Saint-Étienne']);
    expect(names('yon')).toEqual([]);
    expect(names(' - ')).toEqual([]);
  });
});
