import { edges } from './graph.ts';
import type { Flow, FlowNode } from './schema.ts';

function headline(node: FlowNode): string {
  switch (node.kind) {
    case 'say':
      return `say "${short(node.say)}"`;
    case 'menu':
      return `menu "${short(node.menu)}" ${node.attempts}× ${node.timeoutMs} ms`;
    case 'collect':
      return `collect ${typeof node.digits === 'string' ? node.digits : `${node.digits.min}–${node.digits.max} digits`}`;
    case 'lookup':
      return `lookup ${node.lookup} ≤ ${node.timeoutMs} ms`;
    case 'branch':
      return 'branch';
    case 'queue':
      return `queue ${node.queue}${node.type === undefined ? '' : ` (${node.type})`} priority ${node.priority}`;
    case 'survey':
      return `survey ${node.scale.min}–${node.scale.max}`;
    case 'hangup':
      return 'hangup';
  }
}

const short = (text: string) => (text.length > 48 ? `${text.slice(0, 47)}…` : text);

/** The flow as a tree of text; a node that was drawn before is only named (↑). */
export function drawTree(flow: Flow): string {
  const lines = [`${flow.name} (${flow.language})`];
  if (flow.untouched !== undefined)
    lines.push(`untouched after ${flow.untouched.withinMs} ms → ${flow.untouched.next}`);
  const drawn = new Set<string>();
  const draw = (name: string, label: string, indent: string, last: boolean) => {
    const node = flow.nodes.get(name);
    const lead = `${indent}${last ? '└─' : '├─'}${label === '' ? '' : ` [${label}]`} ${name}`;
    if (node === undefined || drawn.has(name)) {
      lines.push(`${lead} ${node === undefined ? '(unknown)' : '↑'}`);
      return;
    }
    drawn.add(name);
    lines.push(`${lead}: ${headline(node)}`);
    const out = edges(node);
    out.forEach((e, i) => draw(e.to, e.label, `${indent}${last ? '   ' : '│  '}`, i === out.length - 1));
  };
  draw(flow.start, '', '', true);
  return lines.join('\n');
}

/** The same for Mermaid (`flowchart TD`). */
export function drawMermaid(flow: Flow): string {
  const quote = (text: string) => text.replaceAll('"', '#quot;');
  const lines = ['flowchart TD'];
  for (const [name, node] of flow.nodes) {
    lines.push(`  ${name}["${quote(`${name}: ${headline(node)}`)}"]`);
    for (const e of edges(node))
      lines.push(`  ${name} -->${e.label === '' ? '' : `|"${quote(e.label)}"|`} ${e.to}`);
  }
  return lines.join('\n');
}
