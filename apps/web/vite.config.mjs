import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Stands in the document where the service writes the nonce of each answer (apps/api/src/pages). */
const NONCE_PLACE = 'NONCE_OF_THIS_ANSWER';

/** `build.mjs` runs it. While writing pages: `npx vite apps/web`, beside a service on its usual port. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  html: { cspNonce: NONCE_PLACE },
  build: {
    target: 'baseline-widely-available',
    // Nothing inline: the content security policy allows files of the service and no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:4470', '/sign-in/provider': 'http://127.0.0.1:4470' },
  },
});
