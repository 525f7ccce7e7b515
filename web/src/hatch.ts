// The hatch laid over uncertain or estimated places. Drawn here: a pattern image would be one more file to serve.

export const hatchName = 'hatch';
export const hatchScale = 2;

export function hatch(): ImageData {
  const side = 8 * hatchScale;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const brush = canvas.getContext('2d');
  if (brush === null) return new ImageData(side, side);
  brush.strokeStyle = 'rgba(28, 36, 48, 0.45)';
  brush.lineWidth = hatchScale * 0.9;
  brush.beginPath();
  // Three parallel strokes, the outer two past the corners, so that the tile repeats without a seam.
  for (const shift of [-side, 0, side]) {
    brush.moveTo(shift - 2, side + 2);
    brush.lineTo(shift + side + 2, -2);
  }
  brush.stroke();
  return brush.getImageData(0, 0, side, side);
}
