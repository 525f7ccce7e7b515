// Reads tiles from the one file of a site: pieces of it where its host gives pieces, else the whole file once.
import { addProtocol } from 'maplibre-gl';
import { PMTiles, type RangeResponse, type Source } from 'pmtiles';
import { Problem } from './server.ts';
import { say } from './wording.ts';

class RemoteFile implements Source {
  readonly #url: string;
  #whole: Promise<ArrayBuffer> | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  getKey(): string {
    return this.#url;
  }

  async getBytes(offset: number, length: number, signal?: AbortSignal): Promise<RangeResponse> {
    if (this.#whole === null) {
      const response = await fetch(this.#url, { signal: signal ?? null, headers: { range: `bytes=${offset}-${offset + length - 1}` } });
      if (response.status === 206) return { data: await response.arrayBuffer() };
      if (response.status !== 200) throw new Problem(say('error.unreadable', { status: String(response.status) }));
      // This host knows no ranges and sends all: kept, so that it is sent once.
      this.#whole = response.arrayBuffer();
      this.#whole.catch(() => (this.#whole = null));
    }
    return { data: (await this.#whole).slice(offset, offset + length) };
  }
}

/** Lets a style name tiles of the archive as `archive://{z}/{x}/{y}`. */
export function openArchive(path: string): void {
  const archive = new PMTiles(new RemoteFile(new URL(path, document.baseURI).href));
  addProtocol('archive', async ({ url }, abort) => {
    const [z = NaN, x = NaN, y = NaN] = url.replace('archive://', '').split('/').map(Number);
    const tile = await archive.getZxy(z, x, y, abort.signal);
    return { data: tile?.data ?? new ArrayBuffer(0) };
  });
}
