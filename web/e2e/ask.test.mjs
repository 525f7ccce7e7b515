// Every way of asking, on the real page: MAILLAGE_URL=http://127.0.0.1:8080 npm run e2e:ask
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import * as harness from './harness.mjs';
import { desk, home, launch, patience, plain, shots } from './harness.mjs';

let browser;
let page;
let complaints;

const text = async (selector) => plain(await page.locator(selector).innerText());
const beyond = async () => Number((await text('#figures .main dd')).replace(/\D/g, ''));
const visit = (path) => harness.visit(page, path);
const answered = () => harness.answered(page);

/** The address and the answer follow a choice. */
async function choose(label, option, asked) {
  await page.getByLabel(label, { exact: true }).selectOption({ label: option });
  await page.waitForFunction((words) => decodeURIComponent(location.search).includes(words), asked, patience);
  await answered();
}

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe('the three jobs', () => {
  beforeEach(async () => {
    ({ page, complaints } = await harness.openPage(browser, desk));
  });
  afterEach(() => page.context().close());

  it('finds the five worst zones of Haute-Loire for a free venue open on Saturday, and downloads them for QGIS', async () => {
    await page.goto(home);
    await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('Haute-Loire');
    await page.getByRole('option', { name: /Haute-Loire/ }).first().click();
    await page.getByLabel('Prix').selectOption({ label: 'Gratuit' });
    await page.getByLabel('Ouvert', { exact: true }).selectOption({ label: 'le samedi' });
    await page.waitForFunction(() => /gratuit et ouvert le samedi, en Haute-Loire$/.test(document.querySelector('h1').textContent), null, patience);
    await answered();
    const zones = page.getByRole('list', { name: 'Les dix zones les plus peuplées' }).getByRole('listitem');
    const people = (await zones.locator('.people').allInnerTexts()).slice(0, 5).map((words) => Number(words.replace(/\D/g, '')));
    // Nearly all of the département is beyond, in fewer zones than five: all are listed, and the page says how many.
    const total = Number((await text('#zones-total')).match(/^(\d+) zones? au total/)[1]);
    assert.equal(people.length, Math.min(5, total));
    assert.deepEqual(people, [...people].sort((a, b) => b - a));
    const [download] = await Promise.all([
      page.waitForEvent('download', patience),
      page.getByRole('link', { name: 'Zones au format GeoPackage' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /zones.*43.*\.gpkg$/);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, 15).toString('latin1'), 'SQLite format 3');
    // The same five, by their people, are what the server answers a program.
    const same = await (await fetch(`${home}/api/zones?territory=departement:43&fee=free&open=saturday&limit=5`)).json();
    assert.deepEqual(same.features.map(({ properties }) => properties.population), people);
    await harness.settled(page);
    await page.screenshot({ path: join(shots, 'ask-haute-loire.png') });
    assert.deepEqual(complaints, []);
  });
});

describe('each control', () => {
  beforeEach(async () => {
    ({ page, complaints } = await harness.openPage(browser, desk));
  });
  afterEach(() => page.context().close());

  it('changes the question in the sentence, the address and the answer, and comes back from the link', async () => {
    await visit('/?territory=departement:63');
    const everyone = await beyond();
    await choose('Pour quoi faire', 'Aide aux démarches administratives', 'service=aide-aux-demarches-administratives');
    assert.match(await text('h1'), /pour l'aide aux démarches administratives/);
    assert.ok((await beyond()) >= everyone);
    await choose('Public accueilli', 'Étudiants', 'public=etudiants');
    assert.match(await text('h1'), /accueillant « Étudiants »/);
    await choose('Prix', 'Gratuit', 'fee=free');
    await choose('Ouvert', 'en soirée', 'open=evening');
    await page.getByText('Plus de critères').click();
    await choose('Prise en charge', 'Illettrisme', 'care=illettrisme');
    await choose('Accompagnement', 'Dans un atelier collectif', 'support=dans-un-atelier-collectif');
    await choose('Accès', 'Se présenter', 'entry=se-presenter');
    await choose('Accueil', 'Itinérant seulement', 'reception=itinerant');
    assert.match(await text('#doubts'), /Aucun lieu connu ne répond à ces critères|au-delà/);
    await choose('Personnes comptées', "Là où l’indice de fragilité est d’au moins 6", 'fragility_min=6');
    assert.match(await text('h1'), /là où l'indice de fragilité est d'au moins 6/);
    const [link, sentence] = [page.url(), await text('h1')];
    await page.screenshot({ path: join(shots, 'ask-filters.png'), fullPage: false });
    await page.goto('about:blank');
    await page.goto(link);
    await answered();
    assert.equal(await text('h1'), sentence);
    assert.equal(await page.getByLabel('Accès', { exact: true }).inputValue(), 'se-presenter');
    await page.getByLabel('Prix').selectOption('');
    await page.waitForFunction(() => !location.search.includes('fee='));
    assert.doesNotMatch(await text('h1'), /gratuit/);
    assert.deepEqual(complaints, []);
  });

  it('draws by a choice what its link draws, however late the numbers come', async () => {
    const large = async () => new Map((await harness.palette(page)).filter(([, count]) => count > 4000));
    // From where départements are in sight: communes are coloured behind them.
    await visit('/#5.2/45.4/4.5');
    await page.route('**/values/communes?*', async (route) => {
      await new Promise((late) => setTimeout(late, 1200));
      await route.continue();
    });
    await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('Haute-Loire');
    await page.getByRole('option', { name: /Haute-Loire/ }).first().click();
    await page.waitForFunction(() => /en Haute-Loire$/.test(document.querySelector('h1').textContent), null, patience);
    await answered();
    await page.waitForTimeout(1500);
    await harness.settled(page);
    const chosen = await large();
    await page.screenshot({ path: join(shots, 'ask-chosen.png') });
    const link = page.url();
    await page.goto('about:blank');
    await visit(link.slice(home.length));
    const linked = await large();
    assert.ok(linked.size > 1);
    assert.deepEqual([...chosen.keys()].sort(), [...linked.keys()].sort());
    for (const [colour, count] of linked) assert.ok(Math.abs(chosen.get(colour) / count - 1) < 0.05, `${colour.toString(16)}: ${chosen.get(colour)} and ${count}`);
    assert.deepEqual(complaints, []);
  });

  it('shows the figures of the question one came back to, though another’s were on their way', async () => {
    await visit('/?territory=departement:63');
    const [sentence, twenty] = [await text('h1'), await beyond()];
    await page.route('**/api/zones?*minutes=40*', () => undefined);
    await page.locator('#minutes').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.search.includes('minutes='), null, patience);
    await answered();
    await page.evaluate(() => {
      const minutes = document.getElementById('minutes');
      minutes.value = '40';
      minutes.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.waitForFunction((other) => !document.querySelector('#figures .main dd').textContent.includes(other), String(twenty), patience);
    await page.waitForFunction(() => document.querySelector('#figures .main dt').textContent.includes('40'), null, patience);
    assert.equal(await page.locator('#panel').getAttribute('aria-busy'), 'true', 'its zones are still awaited');
    await page.goBack();
    await page.goBack();
    await answered();
    assert.deepEqual([await text('h1'), await beyond()], [sentence, twenty]);
    assert.deepEqual(complaints, []);
  });

  it('tells of a place beside the territories asked about what it tells of all', async () => {
    await visit('/?territory=departement:43');
    const frame = await page.locator('#map').boundingBox();
    // The corner towards the Loire, which the map of a département shown whole leaves to its neighbour.
    await page.mouse.click(frame.x + frame.width - 130, frame.y + 60);
    await page.locator('#place').waitFor(patience);
    await page.waitForFunction(() => !document.querySelector('#place').textContent.includes('…'), null, patience);
    const card = await text('#place');
    assert.match(card, /Commune/);
    assert.match(card, /\d+ habitants/);
    assert.doesNotMatch(card, /Personnes au-delà[^\n]*\n\s*non connu/);
    assert.ok(await page.getByRole('button', { name: 'Ajouter ce territoire à la question' }).isVisible());
  });

  it('keeps the card of a row of the table on that place when the question changes', async () => {
    await visit('/?territory=departement:63');
    await page.getByRole('button', { name: 'Voir en tableau' }).click();
    await page.getByRole('radio', { name: 'Intercommunalités' }).check({ force: true });
    await page.waitForFunction(() => document.querySelector('#table-spoken').textContent.startsWith('Intercommunalités'), null, patience);
    await page.locator('#table-rows tbody th button').nth(3).click();
    await page.locator('#place-title').waitFor(patience);
    const title = await text('#place-title');
    await page.getByRole('radio', { name: 'À pied', exact: true }).check();
    await answered();
    await page.waitForFunction(() => !document.querySelector('#place').textContent.includes('…'), null, patience);
    assert.equal(await text('#place-title'), title);
    assert.match(await text('#place'), /Personnes au-delà de 20 min/);
    // One who closes a card by keyboard stays on the page.
    await page.locator('#place .close').focus();
    await page.keyboard.press('Enter');
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
    assert.deepEqual(complaints, []);
  });

  it('asks for a moment of the week, a day and an hour', async () => {
    await visit('/?territory=departement:63');
    await choose('Ouvert', 'à un moment précis…', 'open=sa-10:00');
    await page.getByLabel('Jour d’ouverture').selectOption({ label: 'mercredi' });
    await page.waitForFunction(() => location.search.includes('open=we-10:00'));
    await page.getByLabel('Heure d’ouverture').fill('18:30');
    await page.getByLabel('Heure d’ouverture').blur();
    await page.waitForFunction(() => location.search.includes('open=we-18:30'));
    await answered();
    assert.match(await text('h1'), /ouvert le mercredi à 18 h 30/);
  });

  it('offers only terms the server knows, and all of them', async () => {
    await visit();
    const { components } = await (await fetch(`${home}/api/openapi.json`)).json();
    const known = (name) => components.parameters[name].schema.items?.enum ?? components.parameters[name].schema.enum;
    for (const name of ['service', 'public', 'care', 'support', 'programme', 'label', 'fee']) {
      const offered = await page.locator(`#filter-${name} option`).evaluateAll((all) => all.map(({ value }) => value).filter((value) => value !== ''));
      assert.deepEqual(offered, known(name).filter((slug) => slug !== 'any'), name);
    }
  });

  it('shows a link’s several values as they are said, and keeps them', async () => {
    await visit('/?service=aide-aux-demarches-administratives,utilisation-securisee-du-numerique');
    assert.match(await text('#filter-service option.asked'), /l'aide aux démarches administratives ou pour l'utilisation sécurisée/);
    assert.match(page.url(), /service=aide-aux-demarches-administratives,utilisation/);
  });

  it('paints every metric, with its own legend', async () => {
    await visit('/?territory=departement:63');
    const titles = new Set();
    for (const name of ['Temps d’accès', 'Personnes', 'Part', 'Fragile et loin', 'Fragilité', 'Aide disponible']) {
      await page.getByRole('radio', { name, exact: true }).check();
      const title = await page.waitForFunction((known) => !known.includes(document.querySelector('#legend-title').textContent) && document.querySelector('#legend-title').textContent, [...titles], patience);
      titles.add(await title.jsonValue());
      await harness.settled(page);
      const wanted = await page.locator('#legend-ramp span').evaluateAll((all) => all.map((swatch) => getComputedStyle(swatch).backgroundColor.match(/\d+/g).map(Number)));
      const shown = new Set((await harness.palette(page)).filter(([, count]) => count > 300).map(([key]) => key));
      const seen = wanted.filter(([red, green, blue]) => shown.has((red >> 4) * 256 + (green >> 4) * 16 + (blue >> 4)));
      assert.ok(seen.length >= 3, `${name}: ${seen.length} of the legend's ${wanted.length} colours are on the map`);
      await page.screenshot({ path: join(shots, `ask-metric-${titles.size}.png`) });
    }
    assert.deepEqual(complaints, []);
  });
});

describe('a perimeter of one’s own', () => {
  beforeEach(async () => {
    ({ page, complaints } = await harness.openPage(browser, desk));
  });
  afterEach(() => page.context().close());

  it('is drawn with the mouse, and its link brings it back', async () => {
    await visit('/#9.5/45.75/3.2');
    await page.getByRole('button', { name: 'Dessiner un périmètre' }).click();
    for (const corner of [[650, 350], [950, 340], [980, 600], [700, 640]]) await page.mouse.click(...corner);
    assert.match(await text('#drawing-state'), /^4 coins$/);
    await page.screenshot({ path: join(shots, 'ask-drawing.png') });
    await page.getByRole('button', { name: 'Terminer' }).click();
    await page.waitForFunction(() => location.search.includes('territory=polygon:'), null, patience);
    await answered();
    const found = await beyond();
    assert.match(await text('#chips'), /Périmètre dessiné/);
    await harness.settled(page);
    await page.screenshot({ path: join(shots, 'ask-drawn.png') });
    await page.reload();
    await answered();
    assert.equal(await beyond(), found);
    assert.deepEqual(complaints, []);
  });

  it('is drawn with the keyboard alone, and one that crosses itself is refused in words', async () => {
    await visit('/#9.5/45.75/3.2');
    await page.getByRole('button', { name: 'Dessiner un périmètre' }).press('Enter');
    const add = page.getByRole('button', { name: 'Ajouter un coin au centre' });
    const pan = async (key, times) => {
      await page.locator('#map canvas').focus();
      for (let step = 0; step < times; step++) {
        await page.keyboard.press(key);
        await page.waitForTimeout(450);
      }
    };
    await add.press('Enter');
    await page.getByRole('button', { name: 'Terminer' }).press('Enter');
    assert.match(await text('#drawing-state'), /au moins trois coins/);
    await pan('ArrowRight', 2);
    await add.press('Enter');
    await pan('ArrowDown', 2);
    await add.press('Enter');
    await page.locator('#map canvas').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.search.includes('territory=polygon:'), null, patience);
    await answered();
    await page.getByRole('button', { name: 'Dessiner un périmètre' }).click();
    for (const corner of [[650, 350], [980, 600], [980, 350], [650, 600]]) await page.mouse.click(...corner);
    await page.getByRole('button', { name: 'Terminer' }).click();
    await page.waitForFunction(() => /se croisent/.test(document.querySelector('#drawing-state').textContent), null, patience);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#drawing').isVisible(), false);
  });
});

describe('two questions', () => {
  beforeEach(async () => {
    ({ page, complaints } = await harness.openPage(browser, desk));
  });
  afterEach(() => page.context().close());

  it('stand side by side, with a line to swipe and the difference in words, and come back from their link', async () => {
    await visit('/?territory=departement:63');
    const kept = await beyond();
    await page.getByRole('button', { name: 'Comparer deux questions' }).click();
    await page.waitForFunction(() => /gardée à gauche/.test(document.querySelector('#versus-change').textContent), null, patience);
    await choose('Prix', 'Gratuit', 'fee=free');
    await page.waitForFunction(() => /de plus au-delà à droite/.test(document.querySelector('#versus-change').textContent.replace(/\u00a0|\u202f/g, ' ')), null, patience);
    const more = Number((await text('#versus-change')).replace(/\D/g, ''));
    assert.equal(more, (await beyond()) - kept);
    await harness.settled(page);
    await page.screenshot({ path: join(shots, 'ask-compare.png') });
    const swipe = page.getByRole('slider', { name: /gauche/ });
    await swipe.focus();
    for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowRight');
    assert.equal(await swipe.inputValue(), '70');
    const link = page.url();
    assert.match(link, /versus=territory%3Ddepartement/);
    await page.goto('about:blank');
    await page.goto(link);
    await answered();
    await page.waitForFunction(() => /de plus/.test(document.querySelector('#versus-change').textContent), null, patience);
    assert.equal(await swipe.inputValue(), '70', 'the line is where it was');
    await page.getByRole('button', { name: 'Échanger' }).click();
    await page.waitForFunction(() => /de moins/.test(document.querySelector('#versus-change').textContent), null, patience);
    await page.getByRole('button', { name: 'Ne plus comparer' }).click();
    assert.equal(await page.locator('#versus').isVisible(), false);
    assert.doesNotMatch(page.url(), /versus/);
    assert.deepEqual(complaints, []);
  });
});
