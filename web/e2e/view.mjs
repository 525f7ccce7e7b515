// The map of the page as a picture, for who compares it with another: node e2e/view.mjs PATH PICTURE
// MAILLAGE_URL names the server. Prints the width and height of the map, in pixels.
import { desk, launch, openPage, visit } from './harness.mjs';

const [path, picture] = process.argv.slice(2);
const browser = await launch();
try {
  const { page } = await openPage(browser, desk);
  await visit(page, path);
  // What lies over the map is no part of it.
  await page.addStyleTag({ content: '#legend, .maplibregl-control-container, #attribution { visibility: hidden !important; }' });
  const map = page.locator('#map');
  await map.screenshot({ path: picture });
  const { width, height } = await map.boundingBox();
  console.log(JSON.stringify([width, height]));
} finally {
  await browser.close();
}
