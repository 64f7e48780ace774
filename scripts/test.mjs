// npm test [-- vitest arguments]: format, lint, types, architecture, dead code, then every suite.
import { join } from 'node:path';
import { bin, checkNode, ensureBuilt, ensureInstalled, root, run } from './lib.mjs';

checkNode();
ensureInstalled();
ensureBuilt();
const node = (script, ...args) => run(process.execPath, [join(root, 'node_modules', script), ...args]);
const only = process.argv.slice(2);
if (only.length === 0) {
  const step = (name, fn) => {
    const startedAt = Date.now();
    process.stdout.write(`▸ ${name}\n`);
    fn();
    process.stdout.write(`  ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  };
  step('format', () => run(bin('biome'), ['format', '.']));
  step('lint', () => node('eslint/bin/eslint.js', '.', '--max-warnings', '0'));
  step('types', () => {
    node('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json');
    node('typescript/bin/tsc', '--noEmit', '-p', 'softphone/tsconfig.json');
  });
  step('architecture', () =>
    node(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      'src',
      'softphone/src',
      '--config',
      '.dependency-cruiser.cjs',
    ),
  );
  step('dead code', () => node('knip/bin/knip.js'));
}
node('vitest/vitest.mjs', 'run', ...only);
