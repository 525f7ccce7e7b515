import { describe, expect, it, vi } from 'vitest';
import { overBase } from './basemap.ts';
import { wrapped } from './pen.ts';
import { fileName, notes } from './picture.ts';
import { parsePermalink, usualQuestion, usualSetting } from './question.ts';
import { metresPerPixel, scaleBar } from './scale.ts';
import type { MapStyle } from './server.ts';
import { elementCode, frameCode, isLocal, parameters } from './snippet.ts';

const asked = parsePermalink('?territory=departement:43&mode=walk&minutes=30&fee=free&fee=paid&metric=beyond').question;
const shown = { question: asked, setting: usualSetting, home: 'https://carte.example.fr/aura/', title: 'Personnes « à plus » de 30 min', camera: '' };

describe('the name of a picture', () => {
  it('says what it shows, in letters any disk takes', () => {
    expect(fileName(asked, 'Haute-Loire')).toBe('maillage_personnes_haute-loire_a-pied_30min_fee-free-paid.png');
    expect(fileName({ ...asked, filters: [] }, 'Cœur d’Allier / ../<b>')).toBe('maillage_personnes_coeur-d-allier-b_a-pied_30min.png');
  });

  it('stays short whatever a link asks', () => {
    const name = fileName({ ...asked, filters: [['x', '/'.repeat(50) + 'é'.repeat(500)]] }, 'Loire');
    expect(name).toMatch(/^[a-z0-9_-]{1,120}\.png$/);
  });
});

describe('the notes of a picture', () => {
  it('say where the data come from and of when they are', () => {
    const [sources, dates] = notes({ sources: [{ name: 'Lieux', vintage: '2021', licence: 'ODbL' }], offer: { updated: { 2022: 4, 2019: 1, unknown: 2 } } }, new Date(2026, 2, 1));
    expect(sources).toBe('Sources (millésime)\u202f: © les contributeurs d’OpenStreetMap · Lieux (2021) · Carte\u202f: MapLibre');
    expect(dates).toBe('Lieux tels que connus de 2019 à 2022. Image faite le 1er\u00a0mars\u00a02026.');
    expect(notes({ sources: [] }, new Date(2026, 2, 1))[1]).toBe('Image faite le 1er\u00a0mars\u00a02026.');
  });
});

describe('the code to embed', () => {
  it('is a frame on the same link, alone in its page', () => {
    expect(frameCode(shown)).toBe(
      '<iframe src="https://carte.example.fr/aura/?territory=departement:43&amp;mode=walk&amp;minutes=30&amp;fee=free,paid&amp;metric=beyond&amp;embed=1"'
        + ' title="Personnes « à plus » de 30 min" width="800" height="480" style="border: 0; max-width: 100%" loading="lazy"></iframe>',
    );
    expect(frameCode({ ...shown, camera: '#9/45/3' })).toContain('&amp;embed=1#9/45/3"');
  });

  it('is an element whose attributes are the question, each once', () => {
    expect(elementCode({ ...shown, setting: { ...usualSetting, base: 'ign' }, camera: '#9/45/3' })).toBe(
      '<script type="module" src="https://carte.example.fr/aura/maillage-carte.js"></script>\n'
        + '<maillage-carte territory="departement:43" mode="walk" minutes="30" fee="free,paid" metric="beyond" base="ign" hauteur="480" vue="9/45/3"'
        + ' title="Personnes « à plus » de 30 min"></maillage-carte>',
    );
  });

  it('lets nothing out of an attribute', () => {
    const hostile = parsePermalink(`?${new URLSearchParams({ territory: '"><script>x</script>', fee: '" onload="x', 'onload=x ': '1' })}`).question;
    for (const code of [frameCode({ ...shown, question: hostile, title: '"><b>' }), elementCode({ ...shown, question: hostile, title: '"><b>' })]) {
      expect(code).not.toMatch(/<script>|" onload|<b>| onload=x/);
      expect(code).toContain('title="&quot;&gt;&lt;b&gt;"');
    }
  });
});

describe('the element of other pages', () => {
  it('asks what its attributes ask, and nothing else', async () => {
    vi.stubGlobal('HTMLElement', class {});
    vi.stubGlobal('customElements', { get: () => undefined, define: () => undefined });
    // @ts-expect-error A script of its own, without types.
    const { address, height, parameters: understood } = await import('../public/maillage-carte.js');
    const of = (attributes: Record<string, string>): URL => new URL(address('https://carte.example.fr/aura/', (name: string) => attributes[name] ?? null));
    expect(of({}).href).toBe('https://carte.example.fr/aura/?embed=1');
    const hostile = of({ territory: 'commune:1&embed=0#"><script>', onload: 'x', src: 'https://elsewhere', vue: 'javascript:1', minutes: '' });
    expect(hostile.origin + hostile.pathname).toBe('https://carte.example.fr/aura/');
    expect([...hostile.searchParams]).toEqual([['territory', 'commune:1&embed=0#"><script>'], ['embed', '1']]);
    expect(of({ vue: '9.2/45.1/-3.2' }).hash).toBe('#9.2/45.1/-3.2');
    expect(understood).toEqual(parameters);
    for (const name of parameters) expect(of({ [name]: 'v' }).searchParams.get(name), name).toBe('v');
    expect([height(null), height('300'), height('1e9'), height('x'), height('-1')]).toEqual([480, 300, 480, 480, 480]);
  });
});

describe('an address', () => {
  it('is known to be the reader’s own machine', () => {
    expect(['localhost', 'a.localhost', '127.0.0.1', '127.9.0.1', '[::1]', '0.0.0.0'].every(isLocal)).toBe(true);
    expect(['carte.example.fr', '192.168.1.4', '127.example.fr', 'localhost.fr'].some(isLocal)).toBe(false);
  });
});

describe('a scale bar', () => {
  it('measures a round distance within its room', () => {
    expect(scaleBar(100, 120)).toEqual({ metres: 10_000, pixels: 100 });
    expect(scaleBar(45, 120)).toEqual({ metres: 5000, pixels: 5000 / 45 });
    expect(scaleBar(1, 25).metres).toBe(20);
    expect(metresPerPixel(0, 0)).toBeCloseTo(78271.5, 0);
    expect(metresPerPixel(8, 60)).toBeCloseTo(78271.5 / 512, 0);
  });
});

describe('text on a picture', () => {
  it('wraps between words, never at a no-break space, and cuts what is wider than a line', () => {
    const brush = { measureText: (text: string) => ({ width: text.length }) as TextMetrics };
    expect(wrapped(brush, 'un deux trois', 7)).toEqual(['un deux', 'trois']);
    expect(wrapped(brush, 'plus de 20\u00a0min', 10)).toEqual(['plus de', '20\u00a0min']);
    expect(wrapped(brush, 'a http://long', 5)).toEqual(['a', 'http:', '//lon', 'g']);
    expect(wrapped(brush, '  ', 5)).toEqual([]);
  });
});

describe('the base map', () => {
  it('lies just above the ground, under areas that let it through', () => {
    const style = {
      version: 8, metadata: {}, sources: { areas: { type: 'vector' } },
      layers: [
        { id: 'background', type: 'background' },
        { id: 'fill-communes', type: 'fill', source: 'areas', paint: { 'fill-color': '#fff' } },
        { id: 'hatch-communes', type: 'fill', source: 'areas', paint: { 'fill-pattern': 'hatch' } },
        { id: 'touch-communes', type: 'fill', source: 'areas', paint: { 'fill-opacity': 0 } },
      ],
    } as MapStyle;
    const { layers, sources } = overBase(style);
    expect(layers.map(({ id }) => id)).toEqual(['background', 'base-ign', 'fill-communes', 'hatch-communes', 'touch-communes']);
    expect(layers.map((layer) => (layer.type === 'fill' ? layer.paint?.['fill-opacity'] : null))).toEqual([null, null, 0.65, undefined, 0]);
    expect(Object.keys(sources)).toEqual(['areas', 'base-ign']);
    expect(style.layers).toHaveLength(4);
    expect(parsePermalink('?base=ign').question).toEqual(usualQuestion);
  });
});
