// Copies beside the page the licences of what it carries: each asks that its text travel with the work.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const carried = {
  'maplibre-gl.txt': 'maplibre-gl/LICENSE.txt',
  'noto-sans.txt': '@fontsource/noto-sans/LICENSE',
  'source-serif-4.txt': '@fontsource/source-serif-4/LICENSE',
};

mkdirSync(join(here, 'dist/licences'), { recursive: true });
for (const [name, from] of Object.entries(carried)) {
  copyFileSync(join(here, 'node_modules', from), join(here, 'dist/licences', name));
}
