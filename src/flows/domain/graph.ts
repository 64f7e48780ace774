import { assertNever } from '../../shared/assert-never.ts';
import type { Flow, FlowNode, NodeOf } from './schema.ts';

/** A way out of a node: where it leads and where that stands in the node. */
export interface Edge {
  readonly to: string;
  readonly label: string;
  readonly path: readonly (string | number)[];
}

const edge = (to: string, label: string, ...path: (string | number)[]): Edge => ({ to, label, path });

export function edges(node: FlowNode): Edge[] {
  switch (node.kind) {
    case 'say':
    case 'survey':
      return [edge(node.next, '', 'next')];
    case 'menu':
      return [
        ...Object.entries(node.options).map(([key, to]) => edge(to, key, 'options', key)),
        edge(node.otherwise, 'otherwise', 'otherwise'),
      ];
    case 'collect':
      return [edge(node.next, 'ok', 'next'), edge(node.otherwise, 'otherwise', 'otherwise')];
    case 'lookup': {
      const other = node.otherwise === undefined ? [] : [edge(node.otherwise, 'otherwise', 'otherwise')];
      return [edge(node.next, 'ok', 'next'), ...other];
    }
    case 'branch':
      return [
        ...node.branch.when.map((w, i) => edge(w.next, condition(w), 'branch', 'when', i, 'next')),
        edge(node.branch.otherwise, 'otherwise', 'branch', 'otherwise'),
      ];
    case 'queue':
    case 'hangup':
      return [];
    default:
      return assertNever(node);
  }
}

function condition(when: NodeOf<'branch'>['branch']['when'][number]): string {
  if (when.in !== undefined) return `${when.if} in ${when.in.map(String).join('|')}`;
  if (when.equals !== undefined) return `${when.if} = ${String(when.equals)}`;
  return `${when.if} ${when.exists === false ? 'missing' : 'exists'}`;
}

/** Does this node end only after the caller did something or a time-out passed? */
export const waits = (node: FlowNode): boolean =>
  node.kind === 'menu' || node.kind === 'collect' || node.kind === 'survey';

export const isEnd = (node: FlowNode): boolean => edges(node).length === 0;

/** Nodes that can be reached from the start, from the `untouched` rule and from `more`. */
export function reachable(flow: Flow, more: readonly string[] = []): Set<string> {
  const seen = new Set<string>();
  const open = [flow.start, ...(flow.untouched === undefined ? [] : [flow.untouched.next]), ...more];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = flow.nodes.get(name);
    if (node === undefined || seen.has(name)) continue;
    seen.add(name);
    open.push(...edges(node).map((e) => e.to));
  }
  return seen;
}

/** Queues that the flow can lead to, each once. */
export function queuesOf(flow: Flow): string[] {
  const seen = reachable(flow);
  const keys = [...flow.nodes].flatMap(([name, node]) =>
    seen.has(name) && node.kind === 'queue' ? [node.queue] : [],
  );
  return [...new Set(keys)];
}

/** Nodes from which some end can be reached. A way to an unknown node counts: that is a fault of its own. */
export function canEnd(flow: Flow): Set<string> {
  const ending = new Set([...flow.nodes].filter(([, node]) => isEnd(node)).map(([name]) => name));
  for (let grew = true; grew; ) {
    grew = false;
    for (const [name, node] of flow.nodes) {
      if (ending.has(name) || !edges(node).some((e) => ending.has(e.to) || !flow.nodes.has(e.to))) continue;
      ending.add(name);
      grew = true;
    }
  }
  return ending;
}

/** A circle of nodes none of which waits for the caller; the first node found on each circle. */
export function busyLoops(flow: Flow): string[][] {
  const state = new Map<string, 'open' | 'done'>();
  const loops: string[][] = [];
  const visit = (name: string, path: readonly string[]) => {
    const node = flow.nodes.get(name);
    if (node === undefined || waits(node) || state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      loops.push(path.slice(path.indexOf(name)));
      return;
    }
    state.set(name, 'open');
    for (const { to } of edges(node)) visit(to, [...path, name]);
    state.set(name, 'done');
  };
  for (const name of flow.nodes.keys()) visit(name, []);
  return loops;
}
