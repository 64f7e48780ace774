import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything is bundled: an operator's PC may have no route to the Internet, and no third party learns of a call. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': 'http://127.0.0.1:3000',
      '/socket.io': { target: 'http://127.0.0.1:3000', ws: true },
      '/sip': { target: 'http://127.0.0.1:3000', ws: true },
    },
  },
});
