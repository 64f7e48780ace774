// npm test [-- vitest arguments]: format, lint, types, architecture, dead code, then every suite.
import { join } from 'node:path';
import { bin, checkNode, ensureBuilt, ensureInstalled, root, run, runQuietly } from './lib.mjs';

checkNode();
ensureInstalled();
ensureBuilt();
const only = process.argv.slice(2);
const nodeArgs = (script, ...args) => [process.execPath, join(root, 'node_modules', script), ...args];
if (only.length === 0) {
  // Lint takes longer than all the others: those run beside it, one after another.
  const checks = [
    [['lint', nodeArgs('eslint/bin/eslint.js', '.', '--max-warnings', '0')]],
    [
      ['format', [bin('biome'), 'format', '.']],
      ['types', nodeArgs('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json')],
      ['types of the desk', nodeArgs('typescript/bin/tsc', '--noEmit', '-p', 'softphone/tsconfig.json')],
      [
        'architecture',
        nodeArgs(
          'dependency-cruiser/bin/dependency-cruise.mjs',
          'src',
          'softphone/src',
          '--config',
          '.dependency-cruiser.cjs',
        ),
      ],
      ['dead code', nodeArgs('knip/bin/knip.js')],
    ],
  ];
  const passed = await Promise.all(checks.map(inTurn));
  if (passed.includes(false)) process.exit(1);
}
run(...commandOf(nodeArgs('vitest/vitest.mjs', 'run', ...only)));

/** false: one of them found something; the ones after it are not run. */
async function inTurn(steps) {
  for (const [name, command] of steps) {
    const startedAt = Date.now();
    const { code, told } = await runQuietly(...commandOf(command));
    // What a step says stays together, whichever ends first.
    process.stdout.write(`▸ ${name}\n${told}  ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
    if (code !== 0) return false;
  }
  return true;
}

function commandOf([command, ...args]) {
  return [command, args];
}
