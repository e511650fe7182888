/**
 * How the console is built: `npm run build:web`, which packs the result and looks at its size.
 *
 * In:    web/. Out: web/dist, every file but index.html and the icon named after its bytes.
 * Holds: nothing is inlined as data in scripts, and no script or style stands in the page itself: the page's policy forbids both.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // web/sizes.json bounds what the first screen loads.
    chunkSizeWarningLimit: 2000,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
  },
  // `npx vite --config web/vite.config.ts` beside an `up`: its routes are asked there.
  server: { proxy: { '/api': 'http://127.0.0.1:8350' } },
});
