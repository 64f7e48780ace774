// node scripts/run-ts.mjs FILE [args]: a program of src/ runs from the build, any other straight from its source.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, root } from './lib.mjs';

checkNode();
ensureInstalled();
const [file, ...args] = process.argv.slice(2);
const compiled = file.startsWith('src/');
if (compiled) ensureBuilt();
const entry = compiled
  ? [join(root, file.replace(/^src/, 'dist').replace(/\.ts$/, '.js'))]
  : ['--import', 'tsx', join(root, file)];
const result = spawnSync(process.execPath, [...entry, ...args], { stdio: 'inherit' });
process.exit(result.status ?? 1);
