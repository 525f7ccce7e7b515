// Remakes docs/pictures/map.png from a running server: MAILLAGE_URL=http://127.0.0.1:8080 npm run picture
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { indexed } from './indexed-png.mjs';

const home = (process.env.MAILLAGE_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const target = new URL('../docs/pictures/map.png', import.meta.url);
const screen = { width: 1280, height: 800 };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
const page = await browser.newPage({ viewport: screen, locale: 'fr-FR' });
await page.goto(`${home}/`);
await page.locator('#figures dd').first().waitFor();
await page.waitForFunction(() => document.querySelector('#map-words').textContent.startsWith('Cliquez'), null, { timeout: 45_000 });
// Names fade in.
await page.waitForTimeout(1500);
const picture = await indexed(page, await page.screenshot());
await browser.close();
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, picture);
