import { argv, exit } from 'node:process';
import { drawMermaid, drawTree } from './domain/tree.ts';
import { checkFlows, formatFault } from './load.ts';

/** `npm run flows:check [path] [-- --mermaid]`: faults as `file:line reason`, then each flow as a tree. Exit 1 with faults. */
const args = argv.slice(2);
const path = args.find((a) => !a.startsWith('--')) ?? 'ivr-flows';
const draw = args.includes('--mermaid') ? drawMermaid : drawTree;

try {
  const checked = await checkFlows(path);
  if (checked.length === 0) throw new Error('no *.yaml file');
  for (const { flow, faults } of checked) {
    for (const fault of faults) console.log(formatFault(fault));
    if (flow !== undefined) console.log(`${draw(flow)}\n`);
  }
  if (checked.some((c) => c.faults.some((f) => f.level === 'error'))) exit(1);
} catch (error) {
  console.log(`${path}:1 cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  exit(1);
}
