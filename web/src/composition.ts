// A map laid out to stand alone: what it answers above, what its colours mean beside, where it comes from below.
import iconUrl from './icon.svg?url';
import { typeset } from './french.ts';
import type { Entry } from './key.ts';
import { drawMark, drawScale, inks, markWidth, sans, serif, wrapped, type Brush } from './pen.ts';
import { fineness, type Snapshot } from './snapshot.ts';

export interface Composed {
  readonly title: string;
  /** The figure, and what it counts; none before an answer. */
  readonly figure: readonly [figure: string, meaning: string] | null;
  readonly map: Snapshot;
  /** Of the map's height, from its top: on a phone a sheet covers the rest. */
  readonly seen: number;
  readonly metresPerPixel: number;
  readonly legend: { readonly title: string; readonly method: string; readonly entries: readonly Entry[] };
  readonly notes: readonly string[];
  readonly link: string;
}

/** Around the map, in points of the screen. */
const margin = 28;
const gap = 24;
export const legendWidth = 216;
/** From this width on a map has its legend beside it, below otherwise. */
export const wide = 600;
const signature = 110;

function isBeside(mapWidth: number): boolean {
  return mapWidth >= wide;
}

export async function compose(composed: Composed): Promise<HTMLCanvasElement> {
  const { map, seen } = composed;
  const fonts = [`400 26px ${serif}`, `400 13px ${sans}`, `600 13px ${sans}`];
  const [icon] = await Promise.all([picture(iconUrl), ...fonts.map((font) => document.fonts.load(font))]);
  const canvas = document.createElement('canvas');
  const brush = canvas.getContext('2d');
  if (brush === null) throw new Error('this browser has no 2D canvas');
  const beside = isBeside(map.width);
  const width = map.width + 2 * margin + (beside ? gap + legendWidth : 0);
  const inner = width - 2 * margin;

  // Measured first, drawn once the height is known: sizing a canvas wipes it.
  const drawn: ((on: Brush) => void)[] = [];
  const write = (text: string, font: string, ink: string, x: number, y: number, leading: number, most: number): number => {
    brush.font = font;
    const lines = wrapped(brush, text, most);
    drawn.push((on) => {
      on.font = font;
      on.fillStyle = ink;
      lines.forEach((line, rank) => on.fillText(line, x, y + leading * (rank + 0.76)));
    });
    return y + leading * lines.length;
  };

  let y = write(composed.title, `400 26px ${serif}`, inks.ink, margin, margin - 4, 33, inner) + 8;
  if (composed.figure !== null) {
    const [figure, meaning] = composed.figure;
    const bold = `600 19px ${sans}`;
    brush.font = bold;
    const indent = brush.measureText(`${figure} `).width;
    write(figure, bold, inks.past, margin, y, 25, inner);
    brush.font = `400 16px ${sans}`;
    const aside = brush.measureText(meaning).width <= inner - indent;
    y = write(meaning, `400 16px ${sans}`, inks.ink, margin + (aside ? indent : 0), y + (aside ? 2 : 26), 22, inner - (aside ? indent : 0));
  }
  const top = y + 16;
  drawn.push((on) => {
    on.drawImage(map.image, 0, 0, map.width * fineness, seen * fineness, margin, top, map.width, seen);
    drawScale(on, composed.metresPerPixel, margin + 12, top + seen - 12);
    on.strokeStyle = inks.line;
    on.lineWidth = 1;
    on.strokeRect(margin - 0.5, top - 0.5, map.width + 1, seen + 1);
  });

  const left = beside ? margin + map.width + gap : margin;
  const column = beside ? legendWidth : (inner - gap) / 2;
  let foot = beside ? top : top + seen + 20;
  foot = write(composed.legend.title, `600 14px ${sans}`, inks.ink, left, foot, 19, beside ? column : inner);
  if (composed.legend.method !== '') foot = write(composed.legend.method, `400 12px ${sans}`, inks.soft, left, foot + 2, 16, beside ? column : inner);
  const half = beside ? composed.legend.entries.length : Math.ceil(composed.legend.entries.length / 2);
  const rows = [composed.legend.entries.slice(0, half), composed.legend.entries.slice(half)];
  const ends = rows.map((entries, rank) => {
    const x = left + rank * (column + gap);
    let at = foot + 10;
    for (const { mark, words } of entries) {
      const from = at;
      drawn.push((on) => drawMark(on, mark, x, from + 1));
      at = Math.max(write(typeset(words), `400 12px ${sans}`, inks.ink, x + markWidth + 9, at, 16, column - markWidth - 9), from + 16) + 5;
    }
    return at;
  });

  let end = Math.max(top + seen, ...ends) + 22;
  const rule = end - 8;
  drawn.push((on) => {
    on.fillStyle = inks.line;
    on.fillRect(margin, rule, inner, 1);
    on.drawImage(icon, width - margin - 93, rule + 12, 20, 20);
    on.font = `400 17px ${serif}`;
    on.fillStyle = inks.ink;
    on.fillText('Maillage', width - margin - 68, rule + 28);
  });
  for (const note of composed.notes) end = write(note, `400 11px ${sans}`, inks.soft, margin, end + 3, 15, inner - signature);
  end = write(composed.link, `400 11px ${sans}`, inks.accent, margin, end + 3, 15, inner - signature);

  canvas.width = width * fineness;
  canvas.height = Math.ceil(Math.max(end, rule + 36) + margin - 8) * fineness;
  brush.scale(fineness, fineness);
  brush.fillStyle = inks.paper;
  brush.fillRect(0, 0, canvas.width, canvas.height);
  for (const draw of drawn) draw(brush);
  return canvas;
}

async function picture(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}
