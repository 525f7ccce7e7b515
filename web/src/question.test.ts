import { describe, expect, it } from 'vitest';
import { usualSort } from './columns.ts';
import { cameraHash, parseCamera, parsePermalink, permalink, serverQuery, usualQuestion, usualSetting, type Question } from './question.ts';

const full: Question = {
  territories: ['departement:63', 'epci:200046977'],
  mode: 'bike',
  minutes: 35,
  filters: [
    ['fee', 'free'],
    ['open', 'sa-10:00'],
    ['service', 'aide-aux-demarches-administratives,utilisation-securisee-du-numerique'],
  ],
  metric: 'beyond',
};

describe('permalink', () => {
  it('comes back as it left', () => {
    expect(parsePermalink(`?${permalink(full)}`)).toEqual({ question: full, setting: usualSetting, refused: [] });
  });

  it('keeps what only the page is told, and tells the server none of it', () => {
    const setting = { ...usualSetting, embed: true, base: 'ign', priority: false } as const;
    const link = permalink(full, setting);
    expect(link).toMatch(/&metric=beyond&base=ign&priority=0&embed=1$/);
    expect(parsePermalink(link)).toEqual({ question: full, setting, refused: [] });
    expect(serverQuery(parsePermalink(link).question)).toBe(serverQuery(full));
    expect(parsePermalink('?embed').setting.embed).toBe(true);
    expect(parsePermalink('?embed=0').setting).toEqual(usualSetting);
    expect(parsePermalink('?embed=yes&base=<b>&priority=2')).toEqual({ question: usualQuestion, setting: usualSetting, refused: [['embed', 'yes'], ['base', '<b>'], ['priority', '2']] });
  });

  it('holds the question it is compared with, the usual one too', () => {
    const walk: Question = { ...usualQuestion, mode: 'walk', filters: [['fee', 'free']] };
    expect(parsePermalink(permalink(full, { ...usualSetting, before: walk }))).toEqual({ question: full, setting: { ...usualSetting, before: walk }, refused: [] });
    expect(parsePermalink(permalink(walk, { ...usualSetting, before: usualQuestion })).setting.before).toEqual(usualQuestion);
    expect(parsePermalink('versus=minutes%3D999').refused).toEqual([['minutes', '999']]);
  });

  it('holds what was open: a card, a table in its order, the line of a comparison', () => {
    const open = [
      { ...usualSetting, place: { at: [3.88496, 45.04277] } },
      { ...usualSetting, place: { level: 'communes', code: '2A004' } },
      { ...usualSetting, table: { level: 'zones', sort: usualSort('zones') } },
      { ...usualSetting, table: { level: 'epcis', sort: { column: 'name', descending: false } } },
      { ...usualSetting, before: usualQuestion, swipe: 0 },
    ] as const;
    for (const setting of open) expect(parsePermalink(permalink(full, setting))).toEqual({ question: full, setting, refused: [] });
    expect(permalink(usualQuestion, open[0])).toBe('place=3.88496,45.04277');
    expect(permalink(usualQuestion, open[1])).toBe('place=commune:2A004');
    expect(permalink(usualQuestion, open[2])).toBe('table=zones');
    expect(permalink(usualQuestion, open[3])).toBe('table=epcis:name');
  });

  it('opens nothing that it does not understand, and says so', () => {
    const hostile = ['place=200,45', 'place=3.8', "place=commune:1' or '1", 'place=zone:3', 'table=venues', 'table=communes:-password', 'table=zones:', 'swipe=101', 'swipe=-1'];
    for (const link of hostile) expect([link, parsePermalink(link)]).toMatchObject([link, { setting: usualSetting, refused: [link.split('=')] }]);
  });

  it('compares a question with one other, however deep a link nests them', () => {
    expect(parsePermalink(`?${'versus='.repeat(5000)}`).refused.length).toBe(1);
    expect(parsePermalink('versus=mode%3Dwalk%26versus%3Dmode%253Dbike').setting.before?.mode).toBe('walk');
  });

  it('joins the values of a filter that is repeated', () => {
    expect(parsePermalink('fee=free&open=saturday&fee=paid').question.filters).toEqual([['fee', 'free,paid'], ['open', 'saturday']]);
  });

  it('is empty for the usual question', () => {
    expect(permalink(usualQuestion)).toBe('');
    expect(parsePermalink('').question).toEqual(usualQuestion);
  });

  it('reads as people write it', () => {
    expect(permalink(full)).toMatch(/^territory=departement:63,epci:200046977&mode=bike&minutes=35&fee=free&open=sa-10:00&/);
  });

  it('unites territories that are repeated or listed, each once', () => {
    const { question } = parsePermalink('?territory=commune:63113&territory=commune:63113,region:84,');
    expect(question.territories).toEqual(['commune:63113', 'region:84']);
  });

  it('passes on untouched what only the server understands, hostile text included', () => {
    const { question } = parsePermalink('?care=surdite&x=%3Cscript%3E%26&minutes=10');
    expect(question.filters).toEqual([['care', 'surdite'], ['x', '<script>&']]);
    expect(serverQuery(question)).toBe('minutes=10&care=surdite&x=%3Cscript%3E%26');
  });

  it('replaces values out of range by the usual ones and says which', () => {
    const { question, refused } = parsePermalink('?minutes=0&mode=boat&metric=<b>');
    expect(question).toEqual(usualQuestion);
    expect(refused).toEqual([['minutes', '0'], ['mode', 'boat'], ['metric', '<b>']]);
    expect(parsePermalink('?minutes=121').refused).toHaveLength(1);
    expect(parsePermalink('?minutes=1e1').refused).toHaveLength(1);
    expect(parsePermalink('?minutes=120').question.minutes).toBe(120);
  });
});

describe('the server’s query', () => {
  it('leaves out what only the page uses', () => {
    expect(serverQuery(full)).not.toContain('metric');
    expect(permalink(full)).toContain('metric=beyond');
  });
});

describe('camera', () => {
  it('comes back within a pixel', () => {
    const camera = { zoom: 9.37, lat: 45.777222, lon: 3.087025 };
    const back = parseCamera(cameraHash(camera));
    const pixel = 360 / (512 * 2 ** camera.zoom);
    expect(back?.zoom).toBe(9.37);
    expect(Math.abs((back?.lat ?? 0) - camera.lat)).toBeLessThan(pixel);
    expect(Math.abs((back?.lon ?? 0) - camera.lon)).toBeLessThan(pixel);
  });

  it('is ignored when it is not a place on Earth', () => {
    for (const hash of ['', '#', '#answer', '#7/45', '#7/45/3/0', '#7/95/3', '#99/45/3', '#x/45/3', '#7//3']) {
      expect(parseCamera(hash)).toBeNull();
    }
  });
});
