import { defineConfig, type Plugin } from 'vite';
import { hasWording, say } from './src/wording.ts';

// `npm run dev` edits the page against a running `maillage serve`.
const server = process.env.MAILLAGE_URL ?? 'http://127.0.0.1:8080';
const answeredByServer = ['/api', '/tiles', '/styles', '/fonts', '/values'];

/** Writes the words into index.html, so that they live in one table and still show before any script has run. */
const wordedPage: Plugin = {
  name: 'worded-page',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) =>
      html.replace(/\{\{([\w.]+)\}\}/g, (hole, key: string) => {
        if (key === 'name') return hole;
        if (!hasWording(key)) throw new Error(`index.html asks for « ${key} », which src/wording.ts lacks`);
        return say(key).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
      }),
  },
};

export default defineConfig({
  base: './',
  plugins: [wordedPage],
  // The server sends `assets/` as immutable: the names must carry the content's hash, which is Vite's default.
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // MapLibre alone is over Vite's limit; everything of ours is far below.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // MapLibre's worker is a script like the others; some servers do not know `.mjs`.
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith('.mjs')) ? 'assets/maplibre-worker-[hash].js' : 'assets/[name]-[hash][extname]',
      },
    },
  },
  // The Host header stays ours, so that the style's absolute addresses lead back here.
  server: { proxy: Object.fromEntries(answeredByServer.map((path) => [path, { target: server, changeOrigin: false }])) },
});
