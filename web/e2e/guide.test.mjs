// docs/guide.md, step by step: what it says is there is there, and its pictures are taken on the way (`make pictures` keeps them).
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { indexed } from '../indexed-png.mjs';
import * as harness from './harness.mjs';
import { desk, launch, patience, plain, shots } from './harness.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

it('follows the guide from a first visit to a printed diagnosis', async () => {
  const guide = plain(await readFile(new URL('../../docs/guide.md', import.meta.url), 'utf8'));
  const { page, complaints } = await harness.openPage(browser, desk);
  const text = async (selector) => plain(await page.locator(selector).innerText());
  const answered = () => harness.answered(page);
  const picture = async (name) => {
    await harness.settled(page);
    writeFileSync(join(shots, `guide-${name}.png`), await indexed(page, await page.screenshot()));
    assert.ok(guide.includes(`pictures/guide-${name}.png`), `the guide shows ${name}`);
  };
  /** What the guide names in bold is on the page under that name. */
  const named = (words) => {
    assert.ok(guide.includes(`**${words}**`), `the guide says « ${words} »`);
    return words;
  };
  const choose = async (label, option) => {
    await page.getByLabel(named(label), { exact: true }).selectOption({ label: named(option) });
    await answered();
  };

  await harness.visit(page);
  await picture('accueil');

  await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('Haute-Loire');
  await page.getByRole('option', { name: /Haute-Loire/ }).first().waitFor(patience);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('h1').textContent.includes('en Haute-Loire'), null, patience);
  await answered();
  await choose('Prix', 'Gratuit');
  await choose('Ouvert', 'le samedi');
  assert.match(await text('h1'), /gratuit et ouvert le samedi, en Haute-Loire$/);
  await picture('question');

  await page.locator('#zones .zone').first().click();
  await page.mouse.click(840, 400);
  await page.locator('#place').waitFor(patience);
  await page.waitForFunction(() => !document.querySelector('#place').textContent.includes('…'), null, patience);
  assert.match(await text('#place'), /Commune/, 'the card is that of a commune');
  await picture('fiche');
  await page.keyboard.press('Escape');

  await page.getByRole('radio', { name: named('Fragile et loin'), exact: true }).check();
  await page.waitForFunction(() => location.search.includes('metric=need'));
  await page.getByRole('button', { name: 'Revoir tout le territoire' }).click();
  await page.locator('#week-title').scrollIntoViewIfNeeded();
  await picture('comprendre');

  await page.getByRole('button', { name: named('Voir en tableau') }).click();
  await page.waitForFunction(() => document.querySelectorAll('#table-rows tbody tr').length > 10, null, patience);
  await picture('tableau');
  await page.keyboard.press('Escape');

  await page.getByRole('radio', { name: named("Temps d'accès").replace("'", '’'), exact: true }).check();
  await page.getByRole('button', { name: named('Comparer deux questions') }).click();
  await page.waitForFunction(() => !document.querySelector('#versus').hidden, null, patience);
  await choose('Ouvert', 'Peu importe quand');
  await page.waitForFunction(() => /de moins/.test(document.querySelector('#versus-change').textContent), null, patience);
  await page.locator('h1').scrollIntoViewIfNeeded();
  await picture('comparer');
  await page.getByRole('button', { name: named('Ne plus comparer') }).click();
  await choose('Ouvert', 'le samedi');

  const [report] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: named('Le diagnostic, à lire ou à imprimer') }).click(),
  ]);
  await report.waitForLoadState();
  assert.match(plain(await report.locator('body').innerText()), /Haute-Loire/);
  await report.setViewportSize({ width: 900, height: 1100 });
  writeFileSync(join(shots, 'guide-diagnostic.png'), await indexed(page, await report.screenshot()));
  assert.ok(guide.includes('pictures/guide-diagnostic.png'));
  const printed = await report.pdf({ format: 'A4' });
  assert.ok(printed.length > 20_000, 'it prints');

  for (const button of ['Dessiner un périmètre', 'Partager']) await page.getByRole('button', { name: named(button) }).waitFor();
  await page.getByRole('button', { name: named("Enregistrer l'image").replace("'", '’') }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});
