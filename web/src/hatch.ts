// The hatches laid over uncertain and over estimated places. Drawn here: a pattern image would be one more file to serve.

export const hatchScale = 2;

interface Strokes {
  readonly side: number;
  readonly width: number;
  readonly ink: string;
  /** Beside each stroke, for classes as dark as the ink. */
  readonly light: string | null;
  /** Falling to the right, so that both hatches on one place stay two. */
  readonly falling: boolean;
}

const hatches: Readonly<Record<string, Strokes>> = {
  hatch: { side: 8, width: 0.9, ink: 'rgba(28, 36, 48, 0.45)', light: null, falling: false },
  'hatch-estimated': { side: 10, width: 0.8, ink: 'rgba(28, 36, 48, 0.34)', light: 'rgba(255, 255, 255, 0.3)', falling: true },
};

/** The pattern of a name the style calls for, none when it is not a hatch. */
export function hatch(name: string): ImageData | null {
  const strokes = hatches[name];
  if (strokes === undefined) return null;
  const side = strokes.side * hatchScale;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const brush = canvas.getContext('2d');
  if (brush === null) return new ImageData(side, side);
  brush.lineWidth = hatchScale * strokes.width;
  const [start, end] = strokes.falling ? [-2, side + 2] : [side + 2, -2];
  for (const [ink, beside] of [[strokes.ink, 0], [strokes.light, hatchScale * 1.2]] as const) {
    if (ink === null) continue;
    brush.strokeStyle = ink;
    brush.beginPath();
    // Three parallel strokes, the outer two past the corners, so that the tile repeats without a seam.
    for (const shift of [-side, 0, side]) {
      brush.moveTo(shift + beside - 2, start);
      brush.lineTo(shift + beside + side + 2, end);
    }
    brush.stroke();
  }
  return brush.getImageData(0, 0, side, side);
}
