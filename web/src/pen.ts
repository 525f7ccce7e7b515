// Writes on a canvas: text that wraps, marks of the legend, a scale bar.
import { distance } from './french.ts';
import { hatch, hatchScale } from './hatch.ts';
import type { Mark } from './key.ts';
import { scaleBar } from './scale.ts';

export const inks = { ink: '#14202b', soft: '#4b5763', line: '#ddd8cc', accent: '#14505c', past: '#b4451f', paper: '#fbfaf6' } as const;
export const serif = "'Source Serif 4', Georgia, serif";
export const sans = "'Noto Sans', system-ui, sans-serif";

export type Brush = CanvasRenderingContext2D;

/** Lines no wider than given; no-break spaces hold, and a word wider than a line is cut. */
export function wrapped(brush: Pick<Brush, 'measureText'>, text: string, width: number): string[] {
  const fits = (line: string): boolean => brush.measureText(line).width <= width;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \n]+/).filter((one) => one !== '')) {
    if (line !== '' && fits(`${line} ${word}`)) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const letter of word) {
      if (line !== '' && !fits(line + letter)) {
        lines.push(line);
        line = '';
      }
      line += letter;
    }
  }
  return line === '' ? lines : [...lines, line];
}

export const markWidth = 24;
const markHeight = 14;
const venueGreen = '#0b6e4f';

/** A mark of the legend, from its upper left corner. */
export function drawMark(brush: Brush, mark: Mark, x: number, y: number): void {
  const edge = (): void => {
    brush.strokeStyle = 'rgba(20, 32, 43, 0.25)';
    brush.lineWidth = 1;
    brush.strokeRect(x + 0.5, y + 0.5, markWidth - 1, markHeight - 1);
  };
  if (mark.kind === 'colour') {
    brush.fillStyle = mark.colour;
    brush.fillRect(x, y, markWidth, markHeight);
    edge();
  } else if (mark.kind === 'hatch') {
    brush.fillStyle = '#ffffff';
    brush.fillRect(x, y, markWidth, markHeight);
    brush.fillStyle = pattern(brush, mark.pattern) ?? '#ffffff';
    brush.fillRect(x, y, markWidth, markHeight);
    edge();
  } else if (mark.kind === 'outline') {
    brush.strokeStyle = mark.colour ?? inks.ink;
    brush.lineWidth = 2;
    brush.setLineDash(mark.dashed ? [4, 3] : []);
    brush.strokeRect(x + 1, y + 1, markWidth - 2, markHeight - 2);
    brush.setLineDash([]);
  } else {
    drawVenue(brush, mark.as, x + markWidth / 2, y + markHeight / 2);
  }
}

function pattern(brush: Brush, name: string): CanvasPattern | null {
  const pixels = hatch(name);
  if (pixels === null) return null;
  const tile = document.createElement('canvas');
  tile.width = pixels.width;
  tile.height = pixels.height;
  tile.getContext('2d')?.putImageData(pixels, 0, 0);
  const made = brush.createPattern(tile, 'repeat');
  made?.setTransform(new DOMMatrix().scale(1 / hatchScale));
  return made;
}

function drawVenue(brush: Brush, as: (Mark & { kind: 'venue' })['as'], x: number, y: number): void {
  const disc = (radius: number, colour: string): void => {
    brush.fillStyle = colour;
    brush.beginPath();
    brush.arc(x, y, radius, 0, 2 * Math.PI);
    brush.fill();
  };
  if (as === 'cluster') {
    disc(9, venueGreen);
    brush.fillStyle = '#ffffff';
    brush.font = `400 10px ${sans}`;
    brush.textAlign = 'center';
    brush.fillText('12', x, y + 3.5);
    brush.textAlign = 'left';
  } else if (as === 'unknown') {
    disc(5, venueGreen);
    disc(3.5, '#ffffff');
  } else {
    disc(5.5, '#ffffff');
    disc(4, as === 'fits' ? venueGreen : '#b9b9b7');
  }
}

/** A scale bar whose lower left corner is given, on a ground of its own. */
export function drawScale(brush: Brush, metresPerPixel: number, x: number, y: number): void {
  const { metres, pixels } = scaleBar(metresPerPixel, 120);
  const words = distance(metres);
  brush.font = `400 11px ${sans}`;
  const width = Math.max(pixels, brush.measureText(words).width) + 16;
  brush.fillStyle = 'rgba(251, 250, 246, 0.92)';
  brush.fillRect(x, y - 30, width, 30);
  brush.fillStyle = inks.ink;
  brush.fillText(words, x + 8, y - 15);
  brush.strokeStyle = inks.ink;
  brush.lineWidth = 1.5;
  brush.beginPath();
  brush.moveTo(x + 8, y - 11);
  brush.lineTo(x + 8, y - 6);
  brush.lineTo(x + 8 + pixels, y - 6);
  brush.lineTo(x + 8 + pixels, y - 11);
  brush.stroke();
}
