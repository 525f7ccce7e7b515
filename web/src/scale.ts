// The scale of a map: what a round distance measures on it.

export interface Scale {
  readonly metres: number;
  readonly pixels: number;
}

/** The longest of 1, 2 and 5 × 10ⁿ metres that takes no more pixels than given. */
export function scaleBar(metresPerPixel: number, mostPixels: number): Scale {
  const most = metresPerPixel * mostPixels;
  const unit = 10 ** Math.floor(Math.log10(most));
  const metres = unit * (most >= 5 * unit ? 5 : most >= 2 * unit ? 2 : 1);
  return { metres, pixels: metres / metresPerPixel };
}

/** What a point of the screen measures on the ground, on a Mercator map of tiles of 512 points. */
export function metresPerPixel(zoom: number, lat: number): number {
  return (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
}
