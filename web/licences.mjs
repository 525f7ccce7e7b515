// Copies beside the page the licences of what it carries: each asks that its text travel with the work.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const carried = {
  'fflate.txt': 'node_modules/fflate/LICENSE',
  'maplibre-gl.txt': 'node_modules/maplibre-gl/LICENSE.txt',
  'noto-sans.txt': 'node_modules/@fontsource/noto-sans/LICENSE',
  // The package leaves its text out: this is that of its repository.
  'pmtiles.txt': 'licences/pmtiles.txt',
  'source-serif-4.txt': 'node_modules/@fontsource/source-serif-4/LICENSE',
};

mkdirSync(join(here, 'dist/licences'), { recursive: true });
for (const [name, from] of Object.entries(carried)) {
  copyFileSync(join(here, from), join(here, 'dist/licences', name));
}
