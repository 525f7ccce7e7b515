// A site of one question, in a real Chromium, from a file host: MAILLAGE_SITE=DIR npm run e2e:site
// The host is here: one with ranges under a sub-path, then one that ignores them.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

const folder = process.env.MAILLAGE_SITE;
if (!folder) throw new Error('Set MAILLAGE_SITE to a folder made by `maillage export-site`');

const media = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml' };
const mount = '/cartes/aura/';

/** A host of files below a sub-path; `asked` keeps each request's path and status. */
function host(ranged, asked) {
  return createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    const answer = (status, headers = {}) => {
      asked.push([path, status]);
      response.writeHead(status, headers);
    };
    const file = join(folder, normalize(path.slice(mount.length - 1)).replace(/\/$/, '/index.html'));
    const found = path.startsWith(mount) ? await stat(file).catch(() => null) : null;
    if (!found?.isFile()) {
      answer(404);
      response.end();
      return;
    }
    const type = { 'content-type': media[extname(file)] ?? 'application/octet-stream' };
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (ranged && range) {
      const [start, end] = [Number(range[1]), Math.min(Number(range[2]), found.size - 1)];
      answer(206, { ...type, 'content-range': `bytes ${start}-${end}/${found.size}`, 'content-length': end - start + 1 });
      createReadStream(file, { start, end }).pipe(response);
    } else {
      answer(200, { ...type, 'content-length': found.size });
      createReadStream(file).pipe(response);
    }
  });
}

let server = null;
let asked;
let browser;
let page;
let complaints;
let harness;

async function serve(ranged) {
  asked = [];
  server = host(ranged, asked);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  process.env.MAILLAGE_URL = `http://127.0.0.1:${server.address().port}`;
  // The harness reads the address when it is loaded: once for each host.
  harness = await import(`./harness.mjs?${server.address().port}`);
}

const text = (selector) => page.locator(selector).innerText();
const beyond = async () => Number((await text('#figures .main dd')).replace(/\D/g, ''));
const visit = (query = '') => harness.visit(page, mount + query);

async function colours() {
  const counts = (await harness.palette(page)).map(([, count]) => count);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.filter((count) => count > all / 500).length;
}

async function open(screen) {
  ({ page, complaints } = await harness.openPage(browser, screen));
}

after(() => browser?.close());

describe('on a host with ranges, below a sub-path', () => {
  before(async () => {
    await serve(true);
    browser ??= await harness.launch();
  });
  after(() => server.close());
  beforeEach(() => open(harness.desk));
  afterEach(() => page.context().close());

  it('draws the map and answers from files alone', async () => {
    await visit();
    assert.ok((await colours()) >= 4, 'the map shows several classes');
    assert.match(harness.plain(await text('#sentence')), /^Personnes à plus de 20 min en voiture/);
    assert.ok((await beyond()) > 0);
    assert.ok((await page.locator('#zones li').count()) > 0);
    assert.match(await text('#sources'), /20\d\d/);
    await page.screenshot({ path: join(harness.shots, 'site.png') });
    assert.deepEqual(complaints, []);
    assert.deepEqual(asked.filter(([, status]) => status >= 400), []);
    const tiles = asked.filter(([path]) => path.endsWith('.pmtiles'));
    assert.ok(tiles.length > 1 && tiles.every(([, status]) => status === 206), 'the archive is read by pieces');
  });

  it('says why what needs a server is off, and changes what the map shows', async () => {
    await visit();
    assert.match(harness.plain(await text('#fixed')), /copie figée/);
    assert.ok(await page.locator('#minutes').isDisabled());
    assert.ok(await page.locator('#mode-bike').isDisabled());
    const before = await text('#legend-title');
    await page.locator('#metric-fragility').check({ force: true });
    await page.waitForFunction((title) => document.querySelector('#legend-title').innerText !== title, before, harness.patience);
    await harness.drawn(page);
    assert.ok((await colours()) >= 3);
    await page.screenshot({ path: join(harness.shots, 'site-fragility.png') });
    assert.deepEqual(complaints, []);
  });

  it('finds a département, answers about it, and goes back to the whole', async () => {
    await visit();
    const whole = await beyond();
    await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('puy de dome');
    await page.getByRole('option', { name: 'Puy-de-Dôme' }).first().click(harness.patience);
    await page.waitForFunction(() => location.search.includes('departement:63'), null, harness.patience);
    await harness.answered(page);
    await harness.drawn(page);
    const own = await beyond();
    assert.ok(own > 0 && own < whole, `${own} of ${whole}`);
    assert.match(harness.plain(await text('#sentence')), /Puy-de-Dôme/);
    await page.locator('#zones button').first().click();
    await harness.settled(page);
    await page.screenshot({ path: join(harness.shots, 'site-departement.png') });
    await page.locator('#chips button').first().click();
    await page.waitForFunction(() => !location.search.includes('departement'), null, harness.patience);
    await harness.answered(page);
    assert.equal(await beyond(), whole);
    assert.deepEqual(complaints, []);
  });

  it('shows a commune it finds, and the figures of what is clicked', async () => {
    await visit();
    await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('aurillac');
    await page.getByRole('option', { name: 'Aurillac' }).first().click(harness.patience);
    await harness.settled(page);
    await page.mouse.click(860, 420);
    await page.locator('#place h2').waitFor(harness.patience);
    assert.match(harness.plain(await text('#place')), /Temps médian/);
    assert.doesNotMatch(harness.plain(await text('#place')), /non connu|9 habitants sur 10|point cliqué/);
    await page.screenshot({ path: join(harness.shots, 'site-commune.png') });
    assert.deepEqual(complaints, []);
  });

  it('says by name what another question would need', async () => {
    await visit('?minutes=45');
    assert.match(harness.plain(await text('#trouble')), /minutes = « 45 »/);
    assert.match(harness.plain(await text('#sentence')), /20 min/);
  });

  it('gives files that are there', async () => {
    await visit();
    const hrefs = await page.locator('#downloads a').evaluateAll((links) => links.map((link) => link.href));
    assert.ok(hrefs.length >= 5, hrefs.join());
    for (const href of hrefs) {
      const answer = await fetch(href);
      assert.equal(answer.status, 200, href);
      await answer.body.cancel();
    }
  });
});

describe('on a host that ignores ranges', () => {
  before(() => serve(false));
  after(() => server.close());
  beforeEach(() => open(harness.phone));
  afterEach(() => page.context().close());

  it('loads the archive once and draws the map', async () => {
    await visit();
    assert.ok((await colours()) >= 4);
    await page.screenshot({ path: join(harness.shots, 'site-phone.png') });
    assert.equal(asked.filter(([path]) => path.endsWith('.pmtiles')).length, 1);
    assert.deepEqual(complaints, []);
  });
});
