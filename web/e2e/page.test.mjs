// The real page, in a real Chromium, on a running server: MAILLAGE_URL=http://127.0.0.1:8080 npm run e2e
// Screenshots are left in e2e/shots/ to be looked at.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import * as harness from './harness.mjs';
import { desk, home, launch, patience, phone, plain, shots } from './harness.mjs';

let browser;
let page;
let complaints;

const text = (selector) => page.locator(selector).innerText();
const beyond = async () => Number((await text('#figures .main dd')).replace(/\D/g, ''));

const openPage = async (from, screen) => ({ page, complaints } = await harness.openPage(from, screen));
const visit = (path) => harness.visit(page, path);
const [answered, drawn, settled] = [harness.answered, harness.drawn, harness.settled].map((wait) => () => wait(page));

/** How many clearly different colours the map shows: a blank or failed map has one or two. */
async function colours() {
  const counts = (await harness.palette(page)).map(([, count]) => count);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.filter((count) => count > all / 500).length;
}

async function search(words, name) {
  await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill(words);
  await page.getByRole('option', { name }).first().waitFor(patience);
}

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe('on a desk', () => {
  beforeEach(async () => {
    await openPage(browser, desk);
  });
  afterEach(() => page.context().close());

  it('draws the map and answers, without a complaint or a request to another host', async () => {
    await visit();
    assert.ok((await colours()) >= 4, 'the map shows several classes');
    assert.match(plain(await text('#sentence')), /^Personnes à plus de 20 min en voiture d'un lieu de médiation numérique, en Auvergne-Rhône-Alpes$/);
    assert.ok((await beyond()) > 0);
    assert.match(plain(await text('#legend')), /Temps/);
    assert.match(plain(await text('#legend')), /temps estimés|routés/i);
    assert.match(await text('#attribution'), /20\d\d/);
    await page.mouse.click(700, 400);
    assert.match(await text('#place'), /Commune/, 'communes are drawn at once');
    await page.keyboard.press('Escape');
    await page.screenshot({ path: join(shots, 'desk.png') });
    assert.deepEqual(complaints, []);
  });

  it('answers again when the threshold moves, in the sentence, the address and the figure', async () => {
    await visit();
    const first = await beyond();
    await page.getByRole('slider').focus();
    for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.search.includes('minutes=30'));
    assert.match(plain(await text('#sentence')), /plus de 30 min/);
    await answered();
    await page.waitForFunction((was) => Number(document.querySelector('#figures .main dd').textContent.replace(/\D/g, '')) < was, first, patience);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('#sentence').textContent.includes('25'));
    await page.goBack();
    await page.waitForFunction((was) => Number(document.querySelector('#figures .main dd').textContent.replace(/\D/g, '')) === was, first, patience);
    assert.deepEqual(complaints, []);
  });

  it('answers for another mode and paints another metric', async () => {
    await visit();
    const byCar = await beyond();
    await page.getByRole('radio', { name: 'À pied', exact: true }).check();
    await page.waitForFunction((was) => Number(document.querySelector('#figures .main dd').textContent.replace(/\D/g, '')) > was, byCar, patience);
    assert.match(plain(await text('#sentence')), /à pied/);
    const title = await text('#legend-title');
    await page.getByRole('radio', { name: 'Personnes', exact: true }).check();
    await page.waitForFunction((was) => document.querySelector('#legend-title').innerText !== was, title, patience);
    await drawn();
    assert.match(page.url(), /mode=walk&metric=beyond/);
    assert.ok((await colours()) >= 3);
    await page.screenshot({ path: join(shots, 'desk-walk-people.png') });
    assert.deepEqual(complaints, []);
  });

  it('finds a territory with the keyboard alone, and lets it go', async () => {
    await visit();
    const everywhere = await beyond();
    await search('Puy-de-Dôme', /Puy-de-Dôme/);
    await page.screenshot({ path: join(shots, 'desk-search.png') });
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#sentence').textContent.includes('dans le Puy-de-Dôme'), null, patience);
    await answered();
    await drawn();
    assert.match(page.url(), /territory=departement:63/);
    const here = await beyond();
    assert.ok(here < everywhere);
    await page.screenshot({ path: join(shots, 'desk-puy-de-dome.png') });
    await page.getByRole('button', { name: 'Retirer Puy-de-Dôme' }).click();
    await page.waitForFunction(() => !location.search.includes('territory'));
    await page.waitForFunction((was) => Number(document.querySelector('#figures .main dd').textContent.replace(/\D/g, '')) === was, everywhere, patience);
    assert.deepEqual(complaints, []);
  });

  it('says that no territory has that name', async () => {
    await visit();
    await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('zzzzqq');
    await page.waitForFunction(() => document.querySelector('#search-results').textContent.includes('Aucun territoire'));
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#search-results').isVisible(), false);
  });

  it('shows the figures of the commune that is clicked', async () => {
    await visit('/#9.7/45.55/3.74');
    await page.mouse.click(840, 400);
    await page.locator('#place').waitFor();
    await page.waitForFunction(() => !document.querySelector('#place').textContent.includes('…'), null, patience);
    const card = plain(await text('#place'));
    assert.match(card, /Commune · [\d ]+ habitants?/);
    for (const row of ['Personnes au-delà de 20 min', 'Part des habitants', 'Temps médian', '9 habitants sur 10', 'Lieux', 'Indice de fragilité', 'Lieu le plus proche']) {
      assert.ok(card.includes(row), row);
    }
    await settled();
    await page.screenshot({ path: join(shots, 'desk-commune.png') });
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#place').isVisible(), false);
    await page.mouse.click(840, 400);
    await page.getByRole('button', { name: 'Ne garder que ce territoire' }).click();
    await page.waitForFunction(() => location.search.includes('territory=commune:'));
    assert.deepEqual(complaints, []);
  });

  it('shows cells close in, and the département from afar', async () => {
    await visit('/#12/45.55/3.74');
    assert.ok((await colours()) >= 2);
    await page.screenshot({ path: join(shots, 'desk-cells.png') });
    await visit('/#5.6/45.5/4.4');
    await page.mouse.click(840, 400);
    await page.locator('#place').waitFor();
    assert.match(plain(await text('#place')), /Département|Région|Intercommunalité/);
    assert.deepEqual(complaints, []);
  });

  it('opens venues drawn as one circle when it is clicked', async () => {
    await visit('/#6.5/45.6/4.6');
    const circle = await harness.findColour(page, [11, 110, 79], 4);
    assert.ok(circle, 'a circle of venues');
    await page.mouse.click(...circle);
    await page.waitForFunction(() => Number(location.hash.slice(1).split('/')[0]) >= 7, null, patience);
    assert.equal(await page.locator('#place').isVisible(), false, 'no card: it is no place');
    await drawn();
    await page.screenshot({ path: join(shots, 'desk-cluster.png') });
    assert.deepEqual(complaints, []);
  });

  it('lists ten zones, most people first, and goes to the one chosen', async () => {
    await visit();
    const zones = page.locator('#zones .zone');
    assert.equal(await zones.count(), 10);
    const people = (await zones.locator('.people').allInnerTexts()).map((words) => Number(words.replace(/\D/g, '')));
    assert.deepEqual(people, [...people].sort((a, b) => b - a));
    const before = page.url();
    await zones.nth(1).click();
    await page.waitForFunction((was) => location.href !== was, before, patience);
    await drawn();
    await page.screenshot({ path: join(shots, 'desk-zone.png') });
    assert.deepEqual(complaints, []);
  });

  it('offers downloads that are there', async () => {
    await visit('/?territory=departement:63&minutes=25');
    const links = await page.locator('#downloads a').evaluateAll((all) => all.map((link) => link.href));
    assert.equal(links.length, 14);
    for (const link of links) {
      assert.match(link, /territor(y=|ies\/)departement:63.*minutes=25/);
      const response = await fetch(link);
      assert.equal(response.status, 200, link);
      assert.ok((await response.arrayBuffer()).byteLength > 100, link);
    }
  });

  it('comes back whole from its permalink', async () => {
    const link = '/?territory=departement:43&mode=bike&minutes=35&metric=beyond_share#8.4/45.1/3.8';
    await visit(link);
    const shown = await text('#sentence');
    assert.match(plain(shown), /plus de 35 min à vélo .* en Haute-Loire$/);
    const figure = await beyond();
    assert.equal(await page.locator('#mode-bike').isChecked(), true);
    assert.equal(await page.locator('#metric-beyond_share').isChecked(), true);
    assert.equal(await page.getByRole('slider').inputValue(), '35');
    assert.ok(page.url().endsWith(link), page.url());
    await page.reload();
    await answered();
    await drawn();
    assert.equal(await text('#sentence'), shown);
    assert.equal(await beyond(), figure);
    assert.ok(page.url().endsWith(link), page.url());
  });

  it('shows a hostile link as text and the server’s own words for what is wrong', async () => {
    await page.goto(`${home}/?nonsense=${encodeURIComponent('<img src=x onerror="document.title=1">')}&minutes=999`);
    await page.locator('#trouble').waitFor(patience);
    assert.match(await text('#trouble'), /nonsense/);
    assert.equal(await page.locator('#panel img').count(), 0);
    assert.match(await text('#chips'), /<img src=x/);
    await page.screenshot({ path: join(shots, 'desk-refused.png') });
    await page.locator('#chips button').click();
    await answered();
    assert.ok((await beyond()) > 0);
    assert.equal(await page.locator('#trouble').isVisible(), false);
  });

  it('says so when the server is gone, and recovers', async () => {
    await visit();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('radio', { name: 'Vélo', exact: true }).check();
    await page.locator('#trouble').waitFor(patience);
    assert.match(await text('#trouble'), /ne répond pas/);
    // Figures for the car would stand under a sentence about the bike.
    assert.equal(await page.locator('#figures').isVisible(), false);
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await page.locator('#trouble').waitFor({ state: 'hidden', ...patience });
    await answered();
    assert.match(plain(await text('#spoken')), /au-delà de 20 min/);
  });
});

describe('on a phone', () => {
  beforeEach(async () => {
    await openPage(browser, phone);
  });
  afterEach(() => page.context().close());

  it('keeps the map above the sheet, and raises the sheet on a tap', async () => {
    await visit();
    await page.screenshot({ path: join(shots, 'phone.png') });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wider, false, 'nothing is wider than the screen');
    const low = (await page.locator('#panel').boundingBox()).height;
    await page.getByRole('button', { name: 'Agrandir le panneau' }).tap();
    await page.waitForTimeout(400);
    assert.ok((await page.locator('#panel').boundingBox()).height > low);
    await page.screenshot({ path: join(shots, 'phone-sheet.png') });
    await page.getByRole('button', { name: 'Réduire le panneau' }).tap();
    await page.waitForTimeout(400);
    await page.touchscreen.tap(200, 290);
    await page.locator('#place').waitFor();
    await settled();
    await page.screenshot({ path: join(shots, 'phone-place.png') });
    assert.deepEqual(complaints, []);
  });
});

describe('without WebGL', () => {
  it('still answers, and says why there is no map', async () => {
    const plainBrowser = await launch(['--disable-3d-apis']);
    try {
      await openPage(plainBrowser, desk);
      await page.goto(`${home}/?territory=departement:63`);
      await answered();
      assert.match(await text('#map-words'), /WebGL/);
      assert.ok((await beyond()) > 0);
      assert.ok((await page.locator('#zones .zone').count()) > 0);
      await page.screenshot({ path: join(shots, 'desk-no-webgl.png') });
    } finally {
      await plainBrowser.close();
    }
  });
});
