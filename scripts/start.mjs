import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, root } from './lib.mjs';

checkNode();
ensureInstalled();
ensureBuilt();
await import(pathToFileURL(join(root, 'dist', 'main.js')).href);
