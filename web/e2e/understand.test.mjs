// What explains the answer, in a real Chromium on the sample: MAILLAGE_URL=http://127.0.0.1:8080 npm run e2e:understand
// Screenshots are left in e2e/shots/ to be looked at.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { answered, desk, home, launch, openPage, patience, phone, plain, settled, shots, visit } from './harness.mjs';

let browser;
let page;
let complaints;

const text = async (selector) => plain(await page.locator(selector).innerText());
const texts = async (selector) => (await page.locator(selector).allInnerTexts()).map(plain);
const whole = (words) => Number(words.replace(/\D/g, ''));
const decimal = (words) => (words.includes('%') || /\d/.test(words) ? Number(words.replace(/[^\d,]/g, '').replace(',', '.')) : -1);
const diagnosis = async (path) => (await fetch(`${home}/api/territories/${path}`)).json();
const shot = (name) => page.screenshot({ path: join(shots, `understand-${name}.png`) });

async function open(screen, from = browser) {
  ({ page, complaints } = await openPage(from, screen));
}

/** The rows asked for are there. */
async function rowed(words) {
  await page.waitForFunction((range) => document.querySelector('#table-state').textContent.replace(/[\u00a0\u202f]/g, ' ').match(range), words, patience);
}

const column = (rank) => texts(`#table-rows tbody tr > :nth-child(${rank})`);

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe('on a desk', () => {
  beforeEach(() => open(desk));
  afterEach(() => page.context().close());

  it('shows the week: seven days, the shares of the answer, the best hour in words', async () => {
    await visit(page, '/?territory=departement:63');
    const { week } = await diagnosis('departement:63');
    assert.equal(await page.locator('#week-table tbody tr').count(), 7);
    const most = Math.max(...week.within.flat());
    const day = week.within.findIndex((hours) => hours.includes(most));
    const days = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
    const words = await text('#week-words');
    assert.ok(words.includes(`le ${days[day]} à ${week.within[day].indexOf(most)} h, `), words);
    const titles = await page.locator('#week-table tbody td').evaluateAll((cells) => cells.map(({ title }) => title));
    const count = new Intl.NumberFormat('fr').format(most).replace(/\s/g, ' ');
    assert.ok(titles.some((title) => plain(title).includes(`${count} personnes`)), `${count} in ${titles[20]}`);
    assert.match(await text('#week-unknown'), new RegExp(`^${week.hours_unknown} lieux? `));
    assert.ok((await page.locator('#week-legend li').count()) === 6);
    const [table, part] = await Promise.all(['#week-table table', '#week-table'].map((one) => page.locator(one).evaluate((it) => it.scrollWidth)));
    assert.ok(table <= part, 'the week fits the panel');
    await page.locator('#parent-part, #classes-part').last().scrollIntoViewIfNeeded();
    await page.locator('#week-unknown').scrollIntoViewIfNeeded();
    await shot('week');
    assert.deepEqual(complaints, []);
  });

  it('shows who is beyond by class of fragility, all of them, and what that says', async () => {
    await visit(page, '/?territory=departement:63');
    const { answer, equity } = await diagnosis('departement:63');
    const beyond = (await texts('#classes tbody td:nth-child(3)')).map(whole);
    assert.equal(beyond.reduce((sum, people) => sum + people, 0), answer.beyond);
    const words = { further: /vont plus loin/, nearer: /vont moins loin/, level: /Pas d'écart/ };
    assert.match(await text('#classes-words'), words[equity.reading]);
    await page.locator('#classes-part').scrollIntoViewIfNeeded();
    await shot('classes');
  });

  it('compares with the parent the server names, and shows nothing where it names none', async () => {
    const parent = (value) => async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      await route.fulfill({ response, json: { ...body, territory: { ...body.territory, parent: value } } });
    };
    await page.route('**/api/territories/departement:63?**', parent({ id: 'france', name: 'Auvergne-Rhône-Alpes' }));
    await page.route('**/api/territories/departement:63', parent({ id: 'france', name: 'Auvergne-Rhône-Alpes' }));
    await page.route('**/api/territories/france**', parent(null));
    await visit(page, '/?territory=departement:63');
    await page.locator('#parent tbody tr').first().waitFor(patience);
    assert.equal(await text('#parent-title'), 'Comparé à : Auvergne-Rhône-Alpes');
    const { answer } = await diagnosis('france');
    const [, , its] = await texts('#parent tbody tr:first-child > *');
    assert.ok(Math.abs(decimal(its) - answer.beyond_share * 100) < 0.06, its);
    await page.locator('#parent-part').scrollIntoViewIfNeeded();
    await shot('parent');
    await page.goto(home);
    await answered(page);
    assert.equal(await page.locator('#parent-part').isVisible(), false);
  });

  it('says why each zone is one, without a filter and with', async () => {
    await visit(page);
    const plainly = await texts('#zones .reason');
    assert.equal(plainly.length, 10);
    assert.ok(plainly.every((words) => words.startsWith('Aucun lieu à moins de 20 min')), plainly[0]);
    await page.locator('#zones').scrollIntoViewIfNeeded();
    await shot('zones');
    await page.goto(`${home}/?fee=free&open=saturday`);
    await answered(page);
    assert.ok((await texts('#zones .reason')).some((words) => /^Un lieu à portée, mais/.test(words)));
  });

  it('opens the map as a table by keyboard, sorts it, turns its pages and gives the focus back', async () => {
    await visit(page);
    const opener = page.getByRole('button', { name: 'Voir en tableau' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await rowed('1 à 50 sur 4 0');
    assert.equal((await column(1)).length, 50);
    await settled(page);
    await shot('table');
    await page.getByRole('button', { name: 'Part', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#table-rows th[aria-sort=descending] button')?.textContent === 'Part', null, patience);
    const shares = (await column(4)).map(decimal);
    assert.equal(shares.length, 50);
    assert.deepEqual(shares, [...shares].sort((a, b) => b - a));
    assert.match(plain(await page.locator('#table-spoken').textContent()), /tri par « Part », du plus grand au plus petit/);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Part', 'the header keeps the focus');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#table-rows th[aria-sort=ascending]'), null, patience);
    const first = await column(1);
    await page.getByRole('button', { name: 'Suivants' }).focus();
    await page.keyboard.press('Enter');
    await rowed('51 à 100');
    assert.notDeepEqual(await column(1), first);
    await page.getByRole('button', { name: 'Précédents' }).click();
    await rowed('1 à 50');
    assert.deepEqual(await column(1), first);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#table').isVisible(), false);
    assert.equal(await opener.evaluate((button) => button === document.activeElement), true);
    assert.deepEqual(complaints, []);
  });

  it('keeps the focus inside while it is open', async () => {
    await visit(page, '/?territory=departement:63');
    await page.getByRole('button', { name: 'Voir en tableau' }).click();
    await rowed('1 à 50');
    for (let presses = 0; presses < 90; presses++) {
      await page.keyboard.press('Tab');
      const outside = await page.evaluate(() => document.activeElement !== document.body && !document.activeElement.closest('#table'));
      assert.equal(outside, false);
    }
  });

  it('answers the question of the page at every level', async () => {
    await visit(page, '/?territory=departement:63&minutes=15');
    const { answer } = await diagnosis('departement:63?minutes=15');
    await page.getByRole('button', { name: 'Voir en tableau' }).click();
    assert.match(await text('#table-question'), /plus de 15 min .* dans le Puy-de-Dôme/);
    await page.getByRole('radio', { name: 'Départements' }).check({ force: true });
    await rowed('1 à 1 sur 1');
    assert.equal(whole((await column(3))[0]), answer.beyond);
    await page.getByRole('radio', { name: 'Intercommunalités' }).check({ force: true });
    await page.waitForFunction(() => document.querySelectorAll('#table-rows tbody tr').length > 5, null, patience);
    await page.getByRole('radio', { name: 'Zones' }).check({ force: true });
    await page.waitForFunction(() => document.querySelector('#table-rows thead')?.textContent.includes('Motif'), null, patience);
    const reasons = await column(7);
    assert.ok(reasons.length > 0 && reasons.every((words) => words.startsWith('Aucun lieu à moins de 15 min')), reasons.join('\n'));
    await shot('table-zones');
    assert.deepEqual(complaints, []);
  });

  it('shows the place of a row on the map, with its card, and a zone with its outline', async () => {
    await visit(page, '/?territory=departement:63');
    await page.getByRole('button', { name: 'Voir en tableau' }).click();
    await rowed('1 à 50');
    const before = new URL(page.url()).hash;
    const name = (await column(1))[0];
    await page.locator('#table-rows tbody button').first().click();
    await page.locator('#place').waitFor();
    assert.equal(await page.locator('#table').isVisible(), false);
    assert.ok(name.startsWith(await text('#place-title')), name);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'place');
    await page.waitForFunction((was) => location.hash !== was, before, patience);
    await page.waitForFunction(() => !document.querySelector('#place').textContent.includes('…'), null, patience);
    await settled(page);
    await shot('table-chosen');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#place').isVisible(), false);
    await visit(page);
    const here = new URL(page.url()).hash;
    await page.getByRole('button', { name: 'Voir toutes les zones' }).click();
    await page.waitForFunction(() => document.querySelector('#table-rows thead')?.textContent.includes('Motif'), null, patience);
    await page.locator('#table-rows tbody button').nth(12).click();
    await page.waitForFunction((was) => location.hash !== was, here, patience);
    await settled(page);
    await shot('table-zone-chosen');
    assert.deepEqual(complaints, []);
  });

  it('says what the server refuses', async () => {
    await page.goto(`${home}/?fee=gratis`);
    await page.getByRole('button', { name: 'Voir en tableau' }).click();
    await page.waitForFunction(() => document.querySelector('#table-state').textContent.includes('fee'), null, patience);
    assert.match(await text('#table-state'), /fee = « gratis »/);
  });

  it('is all there at twice the size of letters', async () => {
    await page.setViewportSize({ width: 640, height: 400 });
    await visit(page, '/?territory=departement:63');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await page.getByRole('button', { name: 'Voir en tableau' }).click();
    await rowed('1 à 50');
    await shot('zoomed-table');
    assert.ok((await page.locator('#table-scroll').boundingBox()).height > 120, 'rows have room');
  });
});

describe('on a phone', () => {
  beforeEach(() => open(phone));
  afterEach(() => page.context().close());

  it('shows the table over the whole screen, and the week in the sheet', async () => {
    await visit(page, '/?territory=departement:63');
    await shot('phone');
    await page.getByRole('button', { name: 'Voir en tableau' }).tap();
    await rowed('1 à 50');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await shot('phone-table');
    await page.getByRole('button', { name: 'Fermer le tableau' }).tap();
    await page.getByRole('button', { name: 'Agrandir le panneau' }).tap();
    await page.waitForTimeout(400);
    await page.locator('#classes-part').evaluate((part) => part.scrollIntoView());
    await shot('phone-classes');
    await page.locator('#week-part').evaluate((part) => part.scrollIntoView());
    await shot('phone-week');
    assert.deepEqual(complaints, []);
  });
});

describe('without WebGL', () => {
  it('has the table, and the card of a row', async () => {
    const plainBrowser = await launch(['--disable-3d-apis']);
    try {
      await open(desk, plainBrowser);
      await page.goto(`${home}/?territory=departement:63`);
      await answered(page);
      await shot('no-webgl');
      await page.getByRole('button', { name: 'Voir en tableau' }).click();
      await rowed('1 à 50');
      await page.getByRole('button', { name: 'Habitants' }).click();
      await page.waitForFunction(() => document.querySelector('#table-rows th[aria-sort] button')?.textContent === 'Habitants', null, patience);
      const people = (await column(2)).map(whole);
      assert.deepEqual(people, [...people].sort((a, b) => b - a));
      await page.locator('#table-rows tbody button').first().click();
      await page.locator('#place').waitFor();
      assert.match(await text('#place-title'), /Clermont-Ferrand/);
      await shot('no-webgl-card');
    } finally {
      await plainBrowser.close();
    }
  });
});
