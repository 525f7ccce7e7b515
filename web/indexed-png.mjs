// A picture for the documentation: a PNG of 256 colours is a third of the size, and flat classes do not show the difference.
import { crc32, deflateSync } from 'node:zlib';

/** A PNG as Chromium takes it, decoded in that page, in 256 colours. */
export async function indexed(page, shot) {
  const { rgba, width, height } = await page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const brush = new OffscreenCanvas(image.width, image.height).getContext('2d');
    brush.drawImage(image, 0, 0);
    let text = '';
    for (const byte of brush.getImageData(0, 0, image.width, image.height).data) text += String.fromCharCode(byte);
    return { rgba: btoa(text), width: image.width, height: image.height };
  }, shot.toString('base64'));
  return indexedPng(Buffer.from(rgba, 'base64'), { width, height });
}

function indexedPng(rgba, { width, height }) {
  const key = (at) => ((rgba[at] >> 3) << 10) | ((rgba[at + 1] >> 3) << 5) | (rgba[at + 2] >> 3);
  const buckets = new Map();
  for (let at = 0; at < rgba.length; at += 4) {
    const bucket = buckets.get(key(at)) ?? { count: 0, sums: [0, 0, 0] };
    bucket.count++;
    for (const channel of [0, 1, 2]) bucket.sums[channel] += rgba[at + channel];
    buckets.set(key(at), bucket);
  }
  for (const bucket of buckets.values()) bucket.mean = bucket.sums.map((sum) => Math.round(sum / bucket.count));
  const palette = [...buckets.values()].sort((a, b) => b.count - a.count).slice(0, 256).map(({ mean }) => mean);
  const distance = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  for (const bucket of buckets.values()) {
    bucket.rank = palette.reduce((best, colour, rank) => (distance(colour, bucket.mean) < distance(palette[best], bucket.mean) ? rank : best), 0);
  }
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = buckets.get(key((y * width + x) * 4)).rank;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name, content) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
