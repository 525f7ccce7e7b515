// Makes the map's place-name glyphs at build time, so that no label waits for a font server and none is committed.
// Output: dist/fonts/{font name}/{range}.pbf, the signed-distance format every MapLibre client asks for.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'opentype.js/dist/opentype.mjs';
import { PbfWriter } from 'pbf';

const here = dirname(fileURLToPath(import.meta.url));
const fontPackage = join(here, 'node_modules/@fontsource/noto-sans');
const fontsFolder = join(here, 'dist/fonts');

// Latin, Latin-1 and œ Œ Ÿ, then the dashes, quotes and narrow spaces of French typography.
const ranges = [0, 256, 8192];
const weights = { 'Noto Sans Regular': 400, 'Noto Sans Bold': 700 };

// These four are not ours to choose: the client's shader assumes them.
const emPixels = 24;
const border = 3;
const reach = 8;
const cutoff = 0.25;

function readFont(weight) {
  // The package cuts each weight in subsets; a code point is looked up in each in turn.
  return ['latin', 'latin-ext'].map((subset) => {
    const file = readFileSync(join(fontPackage, 'files', `noto-sans-${subset}-${weight}-normal.woff`));
    return parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
  });
}

/** The outline as closed rings of pixel points, y upwards, curves cut into four chords (an error no pixel shows). */
function flattenOutline(glyph, font) {
  const rings = [];
  let ring = [];
  let x = 0;
  let y = 0;
  const closeRing = () => {
    if (ring.length > 2) rings.push(ring);
    ring = [];
  };
  const scale = emPixels / font.unitsPerEm;
  for (const step of glyph.path.commands) {
    if (step.type === 'M') closeRing();
    if (step.type === 'Z') {
      closeRing();
      continue;
    }
    const [px, py] = [step.x * scale, step.y * scale];
    const chords = step.type === 'Q' || step.type === 'C' ? 4 : 1;
    for (let i = 1; i <= chords; i++) {
      const t = i / chords;
      const u = 1 - t;
      if (step.type === 'Q') {
        const [cx, cy] = [step.x1 * scale, step.y1 * scale];
        ring.push([u * u * x + 2 * u * t * cx + t * t * px, u * u * y + 2 * u * t * cy + t * t * py]);
      } else if (step.type === 'C') {
        const [ax, ay, bx, by] = [step.x1, step.y1, step.x2, step.y2].map((v) => v * scale);
        ring.push([
          u ** 3 * x + 3 * u * u * t * ax + 3 * u * t * t * bx + t ** 3 * px,
          u ** 3 * y + 3 * u * u * t * ay + 3 * u * t * t * by + t ** 3 * py,
        ]);
      } else {
        ring.push([px, py]);
      }
    }
    [x, y] = [px, py];
  }
  closeRing();
  return rings;
}

/** Distance to the outline, negative inside (non-zero winding: overlapping strokes stay filled). */
function signedDistance(rings, x, y) {
  let nearest = Infinity;
  let winding = 0;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [x0, y0] = ring[j];
      const [x1, y1] = ring[i];
      const [dx, dy] = [x1 - x0, y1 - y0];
      const length = dx * dx + dy * dy;
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length));
      nearest = Math.min(nearest, Math.hypot(x - x0 - t * dx, y - y0 - t * dy));
      const side = dx * (y - y0) - dy * (x - x0);
      if (y0 <= y && y1 > y && side > 0) winding++;
      if (y0 > y && y1 <= y && side < 0) winding--;
    }
  }
  return winding === 0 ? nearest : -nearest;
}

function drawGlyph(codePoint, fonts) {
  const font = fonts.find((candidate) => candidate.charToGlyphIndex(String.fromCodePoint(codePoint)) > 0);
  if (!font) return null;
  const glyph = font.charToGlyph(String.fromCodePoint(codePoint));
  const scale = emPixels / font.unitsPerEm;
  const advance = Math.round(glyph.advanceWidth * scale);
  const rings = flattenOutline(glyph, font);
  const points = rings.flat();
  if (points.length === 0) return { id: codePoint, width: 0, height: 0, left: 0, top: 0, advance, bitmap: null };

  const left = Math.floor(Math.min(...points.map((p) => p[0])));
  const right = Math.ceil(Math.max(...points.map((p) => p[0])));
  const bottom = Math.floor(Math.min(...points.map((p) => p[1])));
  const highest = Math.ceil(Math.max(...points.map((p) => p[1])));
  const [width, height] = [right - left, highest - bottom];
  const [columns, rows] = [width + 2 * border, height + 2 * border];
  const bitmap = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const distance = signedDistance(rings, left - border + column + 0.5, highest + border - row - 0.5);
      const shade = 255 - 256 * (distance / reach + cutoff);
      bitmap[row * columns + column] = Math.round(Math.min(255, Math.max(0, shade)));
    }
  }
  // The client hangs glyphs from the ascender line, not from the baseline.
  const top = highest - Math.ceil(font.ascender * scale);
  return { id: codePoint, width, height, left, top, advance, bitmap };
}

function writeGlyph(glyph, pbf) {
  pbf.writeVarintField(1, glyph.id);
  if (glyph.bitmap) pbf.writeBytesField(2, glyph.bitmap);
  pbf.writeVarintField(3, glyph.width);
  pbf.writeVarintField(4, glyph.height);
  pbf.writeSVarintField(5, glyph.left);
  pbf.writeSVarintField(6, glyph.top);
  pbf.writeVarintField(7, glyph.advance);
}

function writeStack(stack, pbf) {
  pbf.writeStringField(1, stack.name);
  pbf.writeStringField(2, stack.range);
  for (const glyph of stack.glyphs) pbf.writeMessage(3, writeGlyph, glyph);
}

let drawn = 0;
for (const [name, weight] of Object.entries(weights)) {
  const fonts = readFont(weight);
  mkdirSync(join(fontsFolder, name), { recursive: true });
  for (const first of ranges) {
    const range = `${first}-${first + 255}`;
    const glyphs = [];
    for (let codePoint = first; codePoint < first + 256; codePoint++) {
      const glyph = drawGlyph(codePoint, fonts);
      if (glyph) glyphs.push(glyph);
    }
    drawn += glyphs.length;
    const pbf = new PbfWriter();
    pbf.writeMessage(1, writeStack, { name, range, glyphs });
    writeFileSync(join(fontsFolder, name, `${range}.pbf`), pbf.finish());
  }
}
// The Open Font License asks that its text travel with what is made from the font.
copyFileSync(join(fontPackage, 'LICENSE'), join(fontsFolder, 'OFL-NotoSans.txt'));
console.log(`glyphs: ${drawn} drawn for ${Object.keys(weights).join(', ')}`);
