// The page for everyone and in bad weather: keyboard, screen reader, small and zoomed screens, a slow, failing or restarted server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import * as harness from './harness.mjs';
import { desk, home, launch, patience, phone, plain, shots } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser;
let page;
let complaints;

const text = async (selector) => plain(await page.locator(selector).innerText());
const visit = (path) => harness.visit(page, path);
const answered = () => harness.answered(page);
const open = async (screen, from = browser) => ({ page, complaints } = await harness.openPage(from, screen));

/** What axe finds against WCAG 2.2 AA and its good practice, in words. */
async function violations() {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe('for everyone', () => {
  afterEach(() => page.context().close());

  it('axe finds nothing, in any state of the page', async () => {
    await open(desk);
    await visit('/?territory=departement:63&fee=free&care=illettrisme');
    assert.deepEqual(await violations(), [], 'a question with filters');
    await page.mouse.click(840, 400);
    await page.locator('#place').waitFor();
    await page.waitForTimeout(500);
    assert.deepEqual(await violations(), [], 'the card of a place');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Comparer deux questions' }).click();
    await page.locator('#versus').waitFor();
    assert.deepEqual(await violations(), [], 'two questions');
    await page.getByRole('button', { name: 'Ne plus comparer' }).click();
    await page.getByRole('button', { name: 'Dessiner un périmètre' }).click();
    assert.deepEqual(await violations(), [], 'a perimeter being drawn');
    await page.getByRole('button', { name: 'Abandonner' }).click();
    for (const name of ['Voir en tableau', 'Partager']) {
      await page.getByRole('button', { name }).click();
      await page.locator('dialog[open]').waitFor();
      await page.waitForTimeout(500);
      assert.deepEqual(await violations(), [], name);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('Clermont');
    await page.getByRole('option').first().waitFor(patience);
    assert.deepEqual(await violations(), [], 'the list of territories');
    await page.goto(`${home}/?nonsense=1`);
    await page.locator('#trouble').waitFor(patience);
    assert.deepEqual(await violations(), [], 'a refused question');
  });

  it('axe finds nothing on a phone', async () => {
    await open(phone);
    await visit();
    assert.deepEqual(await violations(), []);
    await page.getByRole('button', { name: 'Agrandir le panneau' }).tap();
    await page.waitForTimeout(400);
    assert.deepEqual(await violations(), []);
  });

  it('is used with the keyboard alone, the focus always in sight', async () => {
    await open(desk);
    await visit();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    const seen = [];
    for (let step = 0; step < 90; step++) {
      const focus = await page.evaluate(() => {
        const at = document.activeElement;
        const shown = at.matches('input[type=radio]') ? at.nextElementSibling : at;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown);
        const { width, height } = shown.getBoundingClientRect();
        return {
          name: at.id || at.getAttribute('aria-label') || at.textContent.trim().slice(0, 30), body: at === document.body,
          visible: (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none', sized: width > 0 && height > 0,
        };
      });
      if (focus.body) break;
      assert.ok(focus.visible && focus.sized, `the focus shows on ${focus.name}`);
      seen.push(focus.name);
      await page.keyboard.press('Tab');
    }
    for (const name of ['search-field', 'draw', 'compare', 'minutes', 'mode-car', 'filter-service', 'filter-fee', 'filter-open', 'filter-fragility_min', 'metric-access_min']) {
      assert.ok(seen.includes(name), `${name} is reached: ${seen.join(', ')}`);
    }
    // A question, then its files, without a mouse.
    await page.getByLabel('Prix').focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => location.search.includes('fee=free'), null, patience);
    await answered();
    assert.match(await text('#spoken'), /au-delà de 20 min, soit/);
    assert.deepEqual(complaints, []);
  });

  it('holds at twice the size and on the narrowest screen, nothing wider than it', async () => {
    for (const [name, viewport] of [['zoomed', { width: 640, height: 400 }], ['narrow', { width: 320, height: 640 }]]) {
      await open({ viewport, deviceScaleFactor: 2 });
      await visit('/?territory=departement:63');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, name);
      await page.getByRole('button', { name: 'Agrandir le panneau' }).click();
      await page.waitForTimeout(400);
      const cut = await page.evaluate(() => [...document.querySelectorAll('#panel *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.unseen, svg, [hidden], .scrolls')).map((one) => one.id || one.className || one.tagName));
      assert.deepEqual(cut, [], name);
      await page.screenshot({ path: join(shots, `steady-${name}.png`) });
      if (name !== 'narrow') await page.context().close();
    }
  });

  it('moves nothing for those who ask for less motion', async () => {
    await open({ ...desk, reducedMotion: 'reduce' });
    await visit('/?territory=departement:63');
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).animationName !== 'none' || getComputedStyle(one).transitionDuration !== '0s').map((one) => one.id || one.className));
    assert.deepEqual(moving, []);
  });
});

describe('in bad weather', () => {
  afterEach(() => page.context().close());

  it('says what it waits for on a slow network, and shifts nothing when it comes', async () => {
    await open(desk);
    const shell = await page.context().newCDPSession(page);
    await shell.send('Network.emulateNetworkConditions', { offline: false, latency: 300, downloadThroughput: 60_000, uploadThroughput: 30_000 });
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.hadRecentInput ? 0 : entry.value))).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(home);
    await page.waitForFunction(() => document.querySelector('#map-words')?.textContent === 'Chargement de la carte…');
    assert.equal(await page.locator('#panel').getAttribute('aria-busy'), 'true');
    await page.screenshot({ path: join(shots, 'steady-slow.png') });
    await page.waitForFunction(() => document.querySelector('#figures dd') && document.querySelector('#panel').getAttribute('aria-busy') === 'false', null, { timeout: 120_000 });
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => window.shift), 0, 'the layout shifted');
  });

  it('keeps the figures and says so when the map’s numbers answer 503, and recovers', async () => {
    await open(desk);
    await visit('/?territory=departement:63');
    await page.route('**/values/**', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"title":"busy"}' }));
    await page.getByRole('radio', { name: 'À pied', exact: true }).check();
    await page.locator('#trouble').waitFor(patience);
    assert.match(await text('#trouble'), /trop de monde/);
    assert.match(await text('#map-words'), /montre encore la question précédente/);
    await page.unroute('**/values/**');
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await page.locator('#trouble').waitFor({ state: 'hidden', ...patience });
    await answered();
    await page.waitForFunction(() => !document.querySelector('#map-words').textContent.includes('précédente'), null, patience);
  });

  it('says that a territory is not in these data, and lets it go', async () => {
    await open(desk);
    await page.goto(`${home}/?territory=commune:97999`);
    await page.locator('#trouble').waitFor(patience);
    assert.match(await text('#trouble'), /n'existe pas dans ces données/);
    await page.locator('#chips button').first().click();
    await answered();
    assert.equal(await page.locator('#trouble').isVisible(), false);
  });

  it('says why a map has no colour where the index of fragility is not known', async () => {
    await open(desk);
    await page.route('**/api/territories/departement:63?*', async (route) => {
      const told = await (await route.fetch()).json();
      await route.fulfill({ json: { ...told, answer: { ...told.answer, fragility: null } } });
    });
    await visit('/?territory=departement:63&mode=bike&metric=need');
    assert.match(await text('#map-words'), /L'indice de fragilité n'est pas connu ici/);
    await page.getByRole('radio', { name: 'Personnes', exact: true }).check();
    await page.waitForFunction(() => document.querySelector('#map-words').textContent.startsWith('Cliquez'), null, patience);
  });

  it('goes on after the server was restarted in mid-session', async (t) => {
    const { MAILLAGE_BINARY: binary, MAILLAGE_ATLAS: atlas } = process.env;
    if (!binary) throw new Error('Set MAILLAGE_BINARY to the program, and MAILLAGE_ATLAS to what it serves');
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => free.once('listening', ready));
    const { port } = free.address();
    free.close();
    const start = async () => {
      const server = spawn(binary, ['serve', ...(atlas ? [atlas] : []), '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' });
      for (let tries = 0; tries < 200; tries++) {
        const ready = await fetch(`http://127.0.0.1:${port}/ready`).then(({ ok }) => ok, () => false);
        if (ready) return server;
        await new Promise((rest) => setTimeout(rest, 100));
      }
      throw new Error('the server never was ready');
    };
    const stop = (server) => new Promise((gone) => {
      server.once('exit', gone);
      server.kill('SIGKILL');
    });
    let server = await start();
    t.after(() => server.kill('SIGKILL'));
    await open(desk);
    await page.goto(`http://127.0.0.1:${port}/?territory=departement:63`);
    await answered();
    await harness.drawn(page);
    await stop(server);
    await page.getByRole('radio', { name: 'Vélo', exact: true }).check();
    await page.locator('#trouble').waitFor(patience);
    assert.match(await text('#trouble'), /Le serveur ne répond pas/);
    server = await start();
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await page.locator('#trouble').waitFor({ state: 'hidden', ...patience });
    await answered();
    assert.match(await text('#spoken'), /au-delà de 20 min/);
    assert.match(await text('h1'), /à vélo/);
  });
});
