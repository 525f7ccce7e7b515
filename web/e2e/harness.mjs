// What every test of the page needs: a Chromium that calls nobody, and the patience for a software-rendered map.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const home = process.env.MAILLAGE_URL?.replace(/\/$/, '');
if (!home) throw new Error('Set MAILLAGE_URL to a running `maillage serve`, for instance http://127.0.0.1:8080');
export const shots = join(dirname(fileURLToPath(import.meta.url)), 'shots');
mkdirSync(shots, { recursive: true });

// Software WebGL, and none of Chromium's own calls home.
const flags = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
];
export const desk = { viewport: { width: 1280, height: 800 } };
export const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
// A software-rendered first map on two busy cores.
export const patience = { timeout: 45_000 };

export async function launch(more = []) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...flags, ...more] });
}

/** A page, and what it complains of: errors, warnings, requests that leave the machine. */
export async function openPage(from, screen) {
  const context = await from.newContext({ ...screen, locale: 'fr-FR' });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== new URL(home).origin) complaints.push(`left the machine: ${url}`);
  });
  return { page, complaints };
}

/** French spaces and apostrophes as one types them. */
export const plain = (words) => words.replace(/[\u00a0\u202f]/g, ' ').replace(/’/g, "'");

export async function visit(page, path = '/') {
  await page.goto(home + path);
  await answered(page);
  await drawn(page);
}

/** The answer shown belongs to the question shown. */
export async function answered(page) {
  await page.waitForFunction(
    () => document.querySelector('#figures dd') && document.querySelector('#panel').getAttribute('aria-busy') === 'false',
    null, patience,
  );
}

export async function drawn(page) {
  await page.waitForFunction(() => !document.querySelector('#map-words').textContent.includes('Chargement'), null, patience);
  await page.locator('#map canvas').waitFor(patience);
  await settled(page);
}

/** Two pictures alike: nothing is loading, fading or moving any more. */
export async function settled(page) {
  let last = '';
  for (let tries = 0; tries < 40; tries++) {
    const now = (await page.locator('#frame').screenshot()).toString('base64');
    if (now === last) return;
    last = now;
    await page.waitForTimeout(350);
  }
  throw new Error('the map never came to rest');
}

/** How many pixels of the map have each colour, sixteen steps a channel: `[red * 256 + green * 16 + blue, count]`. */
export async function palette(page) {
  const picture = (await page.locator('#map').screenshot()).toString('base64');
  return page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const brush = canvas.getContext('2d');
    brush.drawImage(image, 0, 0);
    const { data } = brush.getImageData(0, 0, image.width, image.height);
    const counts = new Map();
    for (let i = 0; i < data.length; i += 4) {
      const key = (data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts];
  }, picture);
}

/** Where on the screen the map has a disc of about a colour, so many pixels of radius; none where it has none. */
export async function findColour(page, colour, radius) {
  const frame = await page.locator('#map').boundingBox();
  const picture = (await page.locator('#map').screenshot()).toString('base64');
  const found = await page.evaluate(
    async ([encoded, [red, green, blue], reach]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${encoded}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const brush = canvas.getContext('2d');
      brush.drawImage(image, 0, 0);
      const { data } = brush.getImageData(0, 0, image.width, image.height);
      const alike = (x, y) => {
        const at = (y * image.width + x) * 4;
        return Math.abs(data[at] - red) < 40 && Math.abs(data[at + 1] - green) < 40 && Math.abs(data[at + 2] - blue) < 40;
      };
      // The legend has a disc too: it stands at the right.
      for (let y = reach; y < image.height - reach; y++) {
        for (let x = reach; x < image.width * 0.7; x++) {
          // A number covers the middle: the rim above, below and beside it tells.
          if ([[0, -reach - 1], [0, reach + 1], [-reach - 1, 0], [reach + 1, 0]].every(([dx, dy]) => alike(x + dx, y + dy))) return [x, y];
        }
      }
      return null;
    },
    [picture, colour, radius],
  );
  return found && [frame.x + found[0], frame.y + found[1]];
}
