// The server from its sources, started again at each change; the desk's own dev server is `npx vite softphone`.
import { checkNode, ensureInstalled, run } from './lib.mjs';

checkNode();
ensureInstalled();
run(process.execPath, ['--watch-path=src', '--import', 'tsx', 'src/main.ts']);
