// The page on an atlas with roads (Toulouse): it says which times follow them, and explains a number.
// MAILLAGE_URL=http://127.0.0.1:8080 npm run e2e:roads
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { desk, home, launch, openPage, palette, patience, phone, plain, settled, shots, visit } from './harness.mjs';

// The middle of the map, at 1280 × 800 beside a panel of 408.
const middle = [844, 400];
const routeInk = [0x17, 0x40, 0xb8];
const reachInk = [0x0b, 0x6e, 0x4f];

let browser;
let page;
let complaints;

const text = async (selector) => plain(await page.locator(selector).innerText());

/** Pixels of the map in a colour, a step more or less. */
async function inked([red, green, blue]) {
  const near = (value, step) => Math.abs((value >> 4) - step) <= 1;
  const alike = (await palette(page)).filter(([key]) => near(red, key >> 8) && near(green, (key >> 4) & 15) && near(blue, key & 15));
  return alike.reduce((sum, [, count]) => sum + count, 0);
}

async function said(words) {
  await page.waitForFunction((part) => document.querySelector('#place').textContent.replace(/[\u00a0\u202f]/g, ' ').includes(part), words, patience);
  await settled(page);
}

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe('with roads', () => {
  beforeEach(async () => {
    ({ page, complaints } = await openPage(browser, desk));
  });
  afterEach(() => page.context().close());

  it('says that times follow roads, explains its hatching and credits OpenStreetMap', async () => {
    for (const mode of ['car', 'bike', 'walk']) {
      await visit(page, `/?mode=${mode}`);
      const method = await text('#legend-method');
      assert.match(method, /^Temps calculés sur le réseau routier(, estimés à vol d'oiseau par endroits \(hachures\))?$/);
      assert.equal((await text('#legend-classes')).includes('Temps estimé, au moins en partie'), method.includes('hachures'));
      assert.match(await text('#attribution'), /© les contributeurs d'OpenStreetMap/);
      assert.match(await text('#sources'), /OpenStreetMap.*ODbL/);
      await page.screenshot({ path: join(shots, `roads-${mode}.png`) });
    }
    await page.getByRole('radio', { name: 'Fragilité', exact: true }).check();
    await page.waitForFunction(() => document.querySelector('#legend-method').textContent === '', null, patience);
    assert.deepEqual(complaints, []);
  });

  it('draws the way from the point that is clicked, and says its legs', async () => {
    await visit(page, '/?mode=walk#14.5/43.6/1.44');
    assert.equal(await inked(routeInk), 0);
    await page.mouse.click(...middle);
    await said('calculé :');
    const card = await text('#place');
    assert.match(card, /Temps médian \((calculé|estimé en partie)\)/);
    assert.match(card, /Secteur cliqué \((calculé|estimé)\)/);
    assert.match(card, /Depuis le point cliqué\n.+\n[\d,]+ min, calculé : [\d,]+ k?m à pied/);
    assert.ok((await inked(routeInk)) > 100, 'a line is drawn');
    await page.screenshot({ path: join(shots, 'roads-way.png') });
    await page.keyboard.press('Escape');
    await settled(page);
    assert.equal(await page.locator('#place').isVisible(), false);
    assert.equal(await inked(routeInk), 0);
    assert.deepEqual(complaints, []);
  });

  it('asks the way again when the mode changes', async () => {
    await visit(page, '/?mode=walk#14.5/43.6/1.44');
    await page.mouse.click(...middle);
    await said('calculé :');
    await page.getByRole('radio', { name: 'Voiture', exact: true }).check();
    await said('en voiture (');
    assert.ok((await inked(routeInk)) > 100);
    assert.deepEqual(complaints, []);
  });

  it('draws who comes to the venue that is clicked, and how many they are', async () => {
    const found = await (await fetch(`${home}/api/access?lon=1.44&lat=43.6&limit=1&mode=walk`)).json();
    const [lon, lat] = await whereIs(found.venues[0].id);
    await visit(page, `/?mode=walk#14/${lat}/${lon}`);
    const before = await inked(reachInk);
    await page.mouse.click(...middle);
    await said('à moins de 30 min');
    const card = await text('#place');
    assert.ok(card.includes(plain(found.venues[0].name)), card);
    const people = [...card.matchAll(/([\d ]+) habitants? à moins de (\d+) min/g)].map(([, count]) => Number(count.replace(/\D/g, '')));
    assert.equal(people.length, 3);
    assert.ok(people[0] > 0 && people[0] <= people[1] && people[1] <= people[2], String(people));
    assert.match(card, /Temps (calculés sur le réseau routier|en partie estimés à vol d'oiseau)\./);
    assert.ok((await inked(reachInk)) > before + 500, 'isochrones are drawn');
    await page.screenshot({ path: join(shots, 'roads-venue.png') });
    await page.getByRole('button', { name: 'Fermer la fiche' }).click();
    await settled(page);
    assert.ok((await inked(reachInk)) < before + 500, 'and go with the card');
    assert.deepEqual(complaints, []);
  });

  it('credits OpenStreetMap on a phone too', async () => {
    await page.context().close();
    ({ page, complaints } = await openPage(browser, phone));
    await visit(page, '/?mode=walk');
    assert.equal(await text('#attribution'), "© les contributeurs d'OpenStreetMap");
    await page.screenshot({ path: join(shots, 'roads-phone.png') });
    assert.deepEqual(complaints, []);
  });
});

async function whereIs(venue) {
  const { features } = await (await fetch(`${home}/api/collections/venues/items?limit=10000`)).json();
  return features.find(({ properties }) => properties.code === venue).geometry.coordinates;
}
