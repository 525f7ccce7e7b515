// What one takes away from the map: MAILLAGE_URL=http://127.0.0.1:8080 npm run e2e:keep
// Screenshots and the pictures saved are left in e2e/shots/ to be looked at.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { answered, desk, drawn, home, launch, openPage, palette, patience, phone, plain, settled, shots, visit } from './harness.mjs';

let browser;
let page;
let complaints;

const text = (selector) => page.locator(selector).innerText();
const open = async (screen, more = {}) => ({ page, complaints } = await openPage(browser, { ...screen, ...more }));

before(async () => {
  browser = await launch();
});
after(() => browser?.close());
afterEach(() => page?.context().close());

/** The PNG that the button saves, as it is named, and what its pixels are. */
async function saved(name) {
  const coming = page.waitForEvent('download', patience);
  await page.getByRole('button', { name: "Enregistrer l'image" }).or(page.getByRole('button', { name: 'Enregistrer l’image' })).click();
  const download = await coming;
  const path = join(shots, name);
  await download.saveAs(path);
  const bytes = await readFile(path);
  assert.deepEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'a PNG');
  const read = await page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const brush = canvas.getContext('2d');
    brush.drawImage(image, 0, 0);
    const { data } = brush.getImageData(0, 0, image.width, image.height);
    const counts = {};
    const inMap = {};
    for (let at = 0; at < data.length; at += 4) {
      const key = `#${[0, 1, 2].map((channel) => data[at + channel].toString(16).padStart(2, '0')).join('')}`;
      counts[key] = (counts[key] ?? 0) + 1;
      const [x, y] = [(at / 4) % image.width, Math.floor(at / 4 / image.width)];
      if (x > 60 && x < image.width / 2 && y > 300 && y < image.height - 500) inMap[key] = (inMap[key] ?? 0) + 1;
    }
    return { width: image.width, height: image.height, counts, inMap };
  }, bytes.toString('base64'));
  return { name: download.suggestedFilename(), ...read };
}

async function legendColours(query) {
  const style = await (await fetch(`${home}/styles/access_min.json${query}`)).json();
  const legend = style.metadata['maillage:legend'];
  return [...legend.classes, legend.no_data].map(({ colour }) => colour);
}

describe('the picture', () => {
  it('is a PNG of the map with its legend, twice as fine as the screen', async () => {
    await open(desk);
    await page.goto(`${home}/?territory=departement:43`);
    assert.equal(await page.locator('#picture').isDisabled(), true, 'nothing to save yet');
    await answered(page);
    await drawn(page);
    const { width, height, counts, inMap, name } = await saved('picture-desk.png');
    assert.equal(name, 'maillage_temps-d-acces_haute-loire_voiture_20min.png');
    const map = await page.locator('#map').boundingBox();
    assert.equal(width, 2 * (map.width + 2 * 28 + 24 + 216), 'the map, its legend beside it, margins');
    assert.ok(height > 2 * map.height + 300, 'room above and below');
    for (const colour of await legendColours('?territory=departement:43')) {
      // A swatch of 24 by 14 points, less its softened edge.
      assert.ok((counts[colour] ?? 0) >= 40 * 20, `${colour} is in the legend`);
    }
    const classes = (await legendColours('')).filter((colour) => (inMap[colour] ?? 0) > 2000);
    assert.ok(classes.length >= 3, `the map itself is there: ${classes}`);
    assert.match(plain(await text('#tools-state')), /Image enregistrée : maillage_/);
    await page.screenshot({ path: join(shots, 'keep-desk.png') });
    assert.equal(new URL(page.url()).hash, '', 'the view has not moved');
    await page.getByRole('radio', { name: 'Fragilité', exact: true }).check();
    await drawn(page);
    assert.match((await saved('picture-fragility.png')).name, /^maillage_fragilite_haute-loire_/);
    assert.deepEqual(complaints, []);
  });

  it('has, on a phone, what is seen above the sheet and the legend below', async () => {
    await open(phone);
    await visit(page, '/?territory=departement:43&fee=free&open=saturday');
    await page.screenshot({ path: join(shots, 'keep-phone.png') });
    const { width, counts } = await saved('picture-phone.png');
    assert.equal(width, 2 * (390 + 2 * 28));
    for (const colour of await legendColours('')) assert.ok((counts[colour] ?? 0) >= 40 * 20, colour);
    const tools = await page.locator('#tools').boundingBox();
    const top = await page.locator('#top').boundingBox();
    const zoom = await page.locator('.maplibregl-ctrl-top-right').boundingBox();
    assert.ok(tools.y >= top.y + top.height, 'under the search field');
    assert.ok(tools.x + tools.width <= zoom.x, 'beside the zoom buttons');
    for (const button of await page.locator('#tools button').all()) assert.ok((await button.boundingBox()).height >= 36);
    assert.deepEqual(complaints, []);
  });

  it('is not offered without WebGL', async () => {
    const flat = await launch(['--disable-3d-apis']);
    try {
      ({ page, complaints } = await openPage(flat, desk));
      await page.goto(`${home}/?territory=departement:43`);
      await answered(page);
      assert.equal(await page.locator('#picture').isVisible(), false);
      assert.equal(await page.locator('#share').isVisible(), true);
      await page.screenshot({ path: join(shots, 'keep-no-webgl.png') });
    } finally {
      await flat.close();
      page = null;
    }
  });
});

describe('the card of a place', () => {
  it('leaves the toolbar and the words over the map free', async () => {
    await open(desk);
    await visit(page, '/#9.7/45.55/3.74');
    await page.mouse.click(840, 400);
    await page.locator('#place').waitFor();
    const boxes = await Promise.all(['#tools', '#place'].map((one) => page.locator(one).boundingBox()));
    assert.ok(boxes[0].y + boxes[0].height <= boxes[1].y, 'the card stands below');
    await settled(page);
    await page.screenshot({ path: join(shots, 'keep-place.png') });
    const foot = await page.locator('#attribution').boundingBox();
    assert.ok(boxes[1].y + boxes[1].height <= foot.y, 'and above the credits');
    assert.deepEqual(complaints, []);
  });
});

describe('the link', () => {
  const card = () => page.waitForFunction(() => document.querySelector('#place-title') && !document.querySelector('#place').textContent.includes('…'), null, patience);
  const words = () => page.locator('#place').innerText();
  /** The same link in a browser window that knows nothing. */
  const again = async () => {
    const link = page.url();
    await page.context().close();
    await open(desk);
    await page.goto(link);
    await answered(page);
    return link;
  };

  it('opens the card of a point one clicked, and stands where one stood', async () => {
    await open(desk);
    await visit(page, '/?territory=departement:43#9.7/45.15/3.74');
    await page.mouse.click(840, 400);
    await card();
    const [told, hash] = [await words(), new URL(page.url()).hash];
    const link = await again();
    assert.match(link, /place=3\.\d+,45\.\d+/);
    await card();
    await settled(page);
    assert.equal(await words(), told);
    assert.equal(new URL(page.url()).hash, hash);
    await page.getByRole('button', { name: 'Fermer la fiche' }).click();
    assert.doesNotMatch(page.url(), /place=/);
    assert.deepEqual(complaints, []);
  });

  it('opens the card of a row, the table in its order, and what is shared holds neither', async () => {
    await open(desk);
    await visit(page, '/?territory=departement:43');
    await page.getByRole('button', { name: 'Voir en tableau' }).click();
    await page.getByRole('button', { name: 'Part', exact: true }).click();
    await page.waitForFunction(() => /Part/i.test(document.querySelector('#table-spoken').textContent), null, patience);
    const rows = () => page.locator('#table-rows tbody').innerText();
    const listed = await rows();
    assert.match(await again(), /table=communes:-beyond_share/);
    await page.waitForFunction(() => /Part/i.test(document.querySelector('#table-spoken').textContent), null, patience);
    assert.equal(await rows(), listed);
    assert.match(plain(await page.locator('#table-question').innerText()), /Haute-Loire$/);
    await page.locator('#table-rows tbody th button').nth(2).click();
    await card();
    const told = await words();
    assert.match(await again(), /\?territory=departement:43&place=commune:43\d{3}#/);
    await card();
    assert.equal(await words(), told);
    await page.getByRole('button', { name: 'Partager' }).click();
    assert.doesNotMatch(await page.locator('#share-frame').inputValue(), /place|table/);
    assert.match(await page.locator('#share-link').inputValue(), /place=commune/);
    assert.deepEqual(complaints, []);
  });

  it('goes back and forth between cards, each with its question', async () => {
    await open(desk);
    await visit(page, '/?territory=departement:43#9.7/45.15/3.74');
    const title = () => page.locator('#place-title').innerText();
    await page.mouse.click(840, 400);
    await card();
    const [first, here] = [await title(), page.url()];
    await page.getByRole('radio', { name: 'Vélo', exact: true }).check();
    await answered(page);
    await settled(page);
    assert.equal(await title(), first, 'another question is about the same place');
    await page.mouse.click(1000, 300);
    await page.waitForFunction((was) => document.querySelector('#place-title')?.textContent !== was, first, patience);
    await card();
    const second = await title();
    const titled = (words) => page.waitForFunction((wanted) => document.querySelector('#place-title')?.textContent === wanted, words, patience);
    await page.goBack();
    await titled(first);
    await answered(page);
    await settled(page);
    assert.equal(await title(), first);
    assert.equal(new URL(page.url()).search, new URL(here).search);
    await page.goForward();
    await titled(second);
    await answered(page);
    await settled(page);
    assert.equal(await title(), second);
    assert.deepEqual(complaints, []);
  });

  it('goes on without a table or a place that do not exist, and says so', async () => {
    await open(desk);
    await visit(page, '/?table=communes:-<b>&territory=departement:43');
    assert.match(plain(await page.locator('#trouble').innerText()), /table = « communes:-<b> »/);
    assert.equal(await page.locator('#table').isVisible(), false);
    // Of another département: the perimeter has no such commune.
    await visit(page, '/?territory=departement:43&place=commune:63113');
    await page.waitForFunction(() => !location.search.includes('place='), null, patience);
    assert.equal(await page.locator('#place').isVisible(), false);
    assert.deepEqual(complaints, []);
  });
});

describe('sharing', () => {
  it('copies the link with the keyboard alone, and gives the focus back', async () => {
    await open(desk, { permissions: ['clipboard-read', 'clipboard-write'] });
    await visit(page, '/?territory=departement:43&mode=bike');
    await page.getByRole('button', { name: 'Zoomer', exact: true }).click();
    await page.waitForFunction(() => location.hash !== '');
    await settled(page);
    await page.locator('#picture').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Partager cette carte' });
    await dialog.waitFor();
    assert.match(plain(await dialog.innerText()), /celle de votre machine/);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Copier le lien');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#share-state').textContent.startsWith('Copié'));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
    const [frame, element] = [await page.locator('#share-frame').inputValue(), await page.locator('#share-element').inputValue()];
    assert.match(frame, /^<iframe src="[^"]+\?territory=departement:43&amp;mode=bike&amp;embed=1" title="Personnes/);
    assert.match(element, /<maillage-carte territory="departement:43" mode="bike" hauteur="480" title="Personnes/);
    await page.getByLabel('Garder le cadrage').check();
    assert.match(await page.locator('#share-frame').inputValue(), /embed=1#[\d./-]+"/);
    await page.screenshot({ path: join(shots, 'keep-share.png') });
    await page.keyboard.press('Escape');
    assert.equal(await dialog.isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'share');
    assert.deepEqual(complaints, []);
  });

  it('fits a phone', async () => {
    await open(phone);
    await visit(page, '/?territory=departement:43');
    await page.getByRole('button', { name: 'Partager' }).tap();
    await page.getByRole('dialog').waitFor();
    await page.screenshot({ path: join(shots, 'keep-share-phone.png') });
    const box = await page.getByRole('dialog').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844);
    assert.ok(await page.evaluate(() => document.querySelector('#share-dialog').scrollWidth <= document.querySelector('#share-dialog').clientWidth));
    assert.deepEqual(complaints, []);
  });
});

describe('inside another page', () => {
  let host;
  let base;
  const written = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Notre département</title>
    <body style="font: 16px sans-serif; max-width: 760px; margin: 2rem auto"><h1>Notre département</h1><p>La carte de Maillage :</p>
    <script type="module" src="${home}/maillage-carte.js"></script>
    <maillage-carte territory="departement:43" minutes="20" mode="car" fee="free" metric="access_min" hauteur="460" onhover="x"
      title="Accès à la médiation numérique en Haute-Loire"></maillage-carte><p>Suite de la page.</p></body></html>`;
  before(async () => {
    host = createServer((request, response) => {
      response.writeHead(request.url === '/' ? 200 : 204, { 'content-type': 'text/html; charset=utf-8' });
      response.end(request.url === '/' ? written : '');
    });
    await new Promise((listening) => host.listen(0, '127.0.0.1', listening));
    base = `http://127.0.0.1:${host.address().port}/`;
  });
  after(() => host.close());

  it('shows the sentence, the map and the way to the whole page, and changes with its attributes', async () => {
    await open({ viewport: { width: 900, height: 800 } });
    await page.goto(base);
    const frame = page.frameLocator('maillage-carte >> iframe');
    await frame.locator('#sentence').waitFor(patience);
    await frame.locator('#map canvas').waitFor(patience);
    assert.equal(await page.locator('maillage-carte >> iframe').getAttribute('title'), 'Accès à la médiation numérique en Haute-Loire');
    const inside = page.frames().find((one) => one.url().startsWith(home));
    await inside.waitForFunction(() => document.querySelector('#sentence').textContent.includes('Haute-Loire'), null, patience);
    await inside.waitForFunction(() => !document.querySelector('#map-words').textContent.includes('Chargement'), null, patience);
    assert.match(plain(await frame.locator('#sentence').innerText()), /plus de 20 min en voiture d'un lieu de médiation numérique gratuit, en Haute-Loire$/);
    for (const gone of ['#search-field', '#tools', '#controls', '#downloads', '#figures']) assert.equal(await frame.locator(gone).isVisible(), false, gone);
    for (const there of ['#legend', '#attribution', '#map']) assert.equal(await frame.locator(there).isVisible(), true, there);
    assert.ok((await frame.locator('#map').boundingBox()).height > 300, 'the map has most of the room');
    await page.waitForTimeout(2500);
    await page.screenshot({ path: join(shots, 'keep-embed.png') });
    const link = frame.getByRole('link', { name: 'Ouvrir dans Maillage' });
    await link.focus();
    const href = new URL(await link.getAttribute('href'), home);
    assert.equal(href.search, '?territory=departement:43&fee=free');
    assert.equal(await link.getAttribute('target'), '_blank');
    await page.locator('maillage-carte').evaluate((element) => {
      element.setAttribute('mode', 'walk');
      element.setAttribute('minutes', '45');
      element.setAttribute('hauteur', '520');
    });
    await page.waitForFunction(() => ['mode=walk', 'minutes=45'].every((part) => document.querySelector('maillage-carte').shadowRoot.querySelector('iframe').src.includes(part)));
    await frame.locator('#sentence', { hasText: '45' }).waitFor(patience);
    assert.equal((await page.locator('maillage-carte >> iframe').boundingBox()).height, 520);
    assert.deepEqual(complaints.filter((one) => !one.startsWith(`left the machine: ${base}`)), []);
  });

  it('has its buttons and its legend beside each other, in a frame as low as the code gives', async () => {
    await open({ viewport: { width: 800, height: 480 } });
    await visit(page, '/?territory=departement:42&metric=need&embed=1');
    assert.ok(await page.locator('#legend-classes').isVisible(), 'the legend is open');
    const where = page.url();
    // A button under the legend would not be hit.
    for (const name of ['Zoomer', 'Dézoomer', 'Revoir tout le territoire']) await page.getByRole('button', { name, exact: true }).click({ timeout: 5000 });
    await page.waitForFunction((was) => location.href !== was, where, patience);
    await settled(page);
    await page.screenshot({ path: join(shots, 'keep-embed-low.png') });
    assert.deepEqual(complaints, []);
  });

  it('is served as a script of its own', async () => {
    const answer = await fetch(`${home}/maillage-carte.js`);
    assert.match(answer.headers.get('content-type'), /^text\/javascript/);
    assert.equal(answer.headers.get('x-frame-options'), null);
    assert.ok((await answer.text()).length < 3000);
  });
});

describe('the base map', () => {
  const ign = 'https://data.geopf.fr/**';
  const isOurs = (one) => !one.includes('data.geopf.fr');
  const grey = async () => (await palette(page)).find(([key]) => key === 0x3 * 256 + 0x3 * 16 + 0x3)?.[1] ?? 0;

  it('is asked for when ticked, seen through the areas, credited, and in the link', async () => {
    await open(desk);
    let calls = 0;
    const tile = Buffer.from(await tileOf(page, '#303030'), 'base64');
    await page.route(ign, (route) => {
      calls++;
      return route.fulfill({ body: tile, contentType: 'image/png', headers: { 'access-control-allow-origin': '*' } });
    });
    await visit(page, '/?territory=departement:43');
    assert.equal(calls, 0, 'nobody is called unasked');
    const bare = await grey();
    await page.getByLabel('Fond de carte IGN (en ligne)').check();
    await settled(page);
    assert.ok(calls > 0);
    await page.screenshot({ path: join(shots, 'keep-base.png') });
    assert.ok((await grey()) > bare + 10_000, 'the ground around the département is the tile');
    assert.match(page.url(), /[?&]base=ign/);
    assert.match(plain(await text('#credits')), /© IGN/);
    const { counts } = await saved('picture-base.png');
    assert.ok(counts['#b30000'] > 0, 'a picture is still made');
    await page.reload();
    await answered(page);
    await drawn(page);
    assert.ok((await grey()) > bare + 10_000, 'the link brings it back');
    await page.getByLabel('Fond de carte IGN (en ligne)').uncheck();
    await settled(page);
    assert.doesNotMatch(page.url(), /base/);
    assert.equal(await grey(), bare);
    assert.deepEqual(complaints.filter(isOurs), []);
  });

  it('says that it cannot be reached, and goes on without', async () => {
    await open(desk);
    await page.route(ign, (route) => route.abort());
    await visit(page, '/?territory=departement:43&base=ign');
    await page.waitForFunction(() => document.querySelector('#base-state').textContent.includes('injoignable'), null, patience);
    assert.equal(await page.locator('#base').isChecked(), false);
    await settled(page);
    assert.doesNotMatch(plain(await text('#map-words')), /pas pu être chargée/);
    await page.screenshot({ path: join(shots, 'keep-base-lost.png') });
    const [opaque] = await legendColours('');
    assert.ok((await palette(page)).some(([key, count]) => key === colourKey(opaque) && count > 2000), 'the areas are whole again');
    assert.deepEqual(complaints.filter((one) => isOurs(one) && !one.includes('net::ERR_FAILED')), []);
  });
});

const colourKey = (colour) => [1, 3, 5].reduce((key, at) => key * 16 + (Number.parseInt(colour.slice(at, at + 2), 16) >> 4), 0);

/** A tile of one colour. */
async function tileOf(page, colour) {
  const url = await page.evaluate((ink) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 256;
    const brush = canvas.getContext('2d');
    brush.fillStyle = ink;
    brush.fillRect(0, 0, 256, 256);
    return canvas.toDataURL('image/png');
  }, colour);
  return url.split(',')[1];
}
