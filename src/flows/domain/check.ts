import { busyLoops, canEnd, edges, reachable } from './graph.ts';
import type { Flow, FlowNode } from './schema.ts';
import { BUILT_IN, LOOKUP_VARS, templateFault } from './template.ts';

/** `path` leads to the place in the YAML document. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly reason: string;
  /** A warning does not stop a flow from being used. */
  readonly level: 'error' | 'warning';
}

const error = (path: readonly (string | number)[], reason: string): Fault => ({
  path,
  reason,
  level: 'error',
});

/**
 * Everything about a flow that its schema cannot see. Nodes that the schema refused stand in the flow as ends;
 * `mentioned` are the names found in them, so that they do not make others unreachable.
 */
export function checkFlow(flow: Flow, mentioned: readonly string[] = []): Fault[] {
  const faults = [...unknownNodes(flow), ...variables(flow)];
  const seen = reachable(flow, mentioned);
  const ending = canEnd(flow);
  for (const name of flow.nodes.keys()) {
    if (!seen.has(name))
      faults.push(error(['nodes', name], `node ${name} is unreachable from ${flow.start}`));
    else if (!ending.has(name))
      faults.push(error(['nodes', name], `dead end: no way from ${name} to a queue or any other end`));
  }
  for (const loop of busyLoops(flow))
    faults.push(
      error(
        ['nodes', loop[0] ?? ''],
        `endless loop ${[...loop, loop[0]].join(' → ')} with no node that waits for the caller`,
      ),
    );
  return [...faults, ...ranges(flow), ...firstMenu(flow)];
}

function unknownNodes(flow: Flow): Fault[] {
  const faults: Fault[] = [];
  const need = (to: string, path: readonly (string | number)[]) => {
    if (!flow.nodes.has(to)) faults.push(error(path, `unknown node ${to}`));
  };
  need(flow.start, ['start']);
  if (flow.untouched !== undefined) need(flow.untouched.next, ['untouched', 'next']);
  for (const [name, node] of flow.nodes) for (const e of edges(node)) need(e.to, ['nodes', name, ...e.path]);
  return faults;
}

/** The prompts of a node by their keys. */
function prompts(node: FlowNode): [string, string][] {
  const found: [string, unknown][] = [
    ['say', 'say' in node ? node.say : undefined],
    ['menu', 'menu' in node ? node.menu : undefined],
    ['again', 'again' in node ? node.again : undefined],
    ['collect', 'collect' in node ? node.collect : undefined],
    ['survey', 'survey' in node ? node.survey : undefined],
    ['hangup', 'hangup' in node ? node.hangup : undefined],
  ];
  return found.filter((p): p is [string, string] => typeof p[1] === 'string');
}

function variables(flow: Flow): Fault[] {
  const known = new Set<string>(BUILT_IN);
  for (const [name, node] of flow.nodes) {
    if (node.kind === 'collect' || node.kind === 'survey') known.add(node.as ?? name);
    if (node.kind === 'lookup') for (const v of LOOKUP_VARS[node.lookup]) known.add(v);
  }
  const faults: Fault[] = [];
  for (const [name, node] of flow.nodes) {
    const at = (...path: (string | number)[]) => ['nodes', name, ...path];
    for (const [key, text] of prompts(node)) {
      const reason = templateFault(text, known);
      if (reason !== undefined) faults.push(error(at(key), reason));
    }
    if (node.kind === 'branch')
      node.branch.when.forEach((w, i) => {
        if (!known.has(w.if)) faults.push(error(at('branch', 'when', i, 'if'), `unknown variable ${w.if}`));
        if ([w.equals, w.in, w.exists].filter((t) => t !== undefined).length !== 1)
          faults.push(error(at('branch', 'when', i), 'a condition has exactly one of equals, in, exists'));
      });
    if (node.kind === 'lookup' && node.by !== undefined && !known.has(node.by))
      faults.push(error(at('by'), `unknown variable ${node.by}`));
  }
  return faults;
}

function ranges(flow: Flow): Fault[] {
  const faults: Fault[] = [];
  for (const [name, node] of flow.nodes) {
    if (node.kind === 'menu' && Object.keys(node.options).length === 0)
      faults.push(error(['nodes', name, 'options'], 'a menu needs at least one option'));
    if (node.kind === 'collect' && typeof node.digits === 'object' && node.digits.min > node.digits.max)
      faults.push(error(['nodes', name, 'digits'], 'min is greater than max'));
    if (node.kind === 'survey' && node.scale.min >= node.scale.max)
      faults.push(error(['nodes', name, 'scale'], 'min is not less than max'));
  }
  return faults;
}

/** RGC (Anatel, resolution 765/2023): the first menu offers cancellation, complaint and a human. */
function firstMenu(flow: Flow): Fault[] {
  const first = firstMenuOf(flow);
  if (first === undefined) return [];
  const [name, node] = first;
  const ends = Object.values(node.options).map((to) => flow.nodes.get(to));
  const queues = ends.filter((n) => n?.kind === 'queue');
  const text = node.menu.toLowerCase();
  const missing = [
    queues.some((q) => q.type === 'cancellation' || q.queue.startsWith('reten')) || /cancel/.test(text)
      ? ''
      : 'cancellation',
    queues.some((q) => q.type === 'complaint') || /reclama/.test(text) ? '' : 'complaint',
    /atendente|humano|pessoa|operador/.test(text) && queues.length > 0 ? '' : 'a human',
  ].filter((m) => m !== '');
  return missing.map((m) => ({
    path: ['nodes', name, 'options'],
    reason: `the first menu does not offer ${m} (RGC, resolution 765/2023)`,
    level: 'warning',
  }));
}

function firstMenuOf(flow: Flow): [string, Extract<FlowNode, { kind: 'menu' }>] | undefined {
  const seen = new Set<string>();
  const open = [flow.start];
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    const node = flow.nodes.get(name);
    if (node === undefined || seen.has(name)) continue;
    if (node.kind === 'menu') return [name, node];
    seen.add(name);
    open.push(...edges(node).map((e) => e.to));
  }
  return undefined;
}
