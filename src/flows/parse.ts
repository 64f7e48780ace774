import { LineCounter, parseDocument, isMap, isNode, isPair, isScalar, type Document } from 'yaml';
import type { z } from 'zod';
import { checkFlow, type Fault } from './domain/check.ts';
import { flowHead, LATER_KINDS, NODE_KINDS, NODES, type Flow, type FlowNode } from './domain/schema.ts';

/** A fault with its place in the file; lines count from 1. */
export interface FlowFault {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly level: 'error' | 'warning';
}

export interface ParsedFlow {
  /** Present when there are no errors; warnings may remain. */
  readonly flow: Flow | undefined;
  readonly faults: readonly FlowFault[];
}

type Path = readonly (string | number)[];

/** Reads one file's text. Never throws: what is wrong comes back as faults, each with its line. */
export function parseFlow(text: string, file: string): ParsedFlow {
  const counter = new LineCounter();
  const doc = parseDocument(text, { lineCounter: counter });
  const at = (line: number, reason: string, level: 'error' | 'warning' = 'error'): FlowFault => ({
    file,
    line,
    reason,
    level,
  });
  if (doc.errors.length > 0)
    return {
      flow: undefined,
      faults: doc.errors.map((e) =>
        at(counter.linePos(e.pos[0]).line, e.message.split('\n')[0] ?? 'not YAML'),
      ),
    };
  const place = (fault: Fault) => at(lineOf(doc, fault.path, counter), fault.reason, fault.level);
  const { flow, faults, mentioned } = build(doc.toJS() as unknown);
  const all = flow === undefined ? faults : [...faults, ...checkFlow(flow, mentioned)];
  const placed = all.map(place).sort((a, b) => a.line - b.line);
  return { flow: all.some((f) => f.level === 'error') ? undefined : flow, faults: placed };
}

interface Built {
  readonly flow: Flow | undefined;
  readonly faults: Fault[];
  /** Strings inside of nodes that could not be understood: perhaps names of other nodes. */
  readonly mentioned: string[];
}

/** A flow as far as it can be understood; with faults, it serves only to find more of them. */
function build(raw: unknown): Built {
  const head = flowHead.safeParse(raw);
  if (!head.success) return { flow: undefined, faults: issues(head.error, []), mentioned: [] };
  const faults: Fault[] = [];
  const mentioned: string[] = [];
  const nodes = new Map<string, FlowNode>();
  for (const [name, value] of Object.entries(head.data.nodes)) {
    const node = buildNode(name, value);
    if (Array.isArray(node)) {
      faults.push(...node);
      mentioned.push(...strings(value));
      faults.push(...strayNames(name, value, head.data.nodes));
      nodes.set(name, { kind: 'hangup', hangup: true });
    } else nodes.set(name, node);
  }
  if (nodes.size === 0) faults.push({ path: ['nodes'], reason: 'a flow needs nodes', level: 'error' });
  const { flow: name, language, start, untouched } = head.data;
  return { flow: { name, language, start, untouched, nodes }, faults, mentioned };
}

/** Ways out of a node that could not be understood: an unknown name in it is told all the same. */
function strayNames(name: string, value: unknown, nodes: Readonly<Record<string, unknown>>): Fault[] {
  const raw = (value ?? {}) as Readonly<Record<string, unknown>>;
  const options = typeof raw['options'] === 'object' && raw['options'] !== null ? raw['options'] : {};
  const ways: [readonly string[], unknown][] = [
    [['next'], raw['next']],
    [['otherwise'], raw['otherwise']],
    ...Object.entries(options).map(([key, to]): [readonly string[], unknown] => [['options', key], to]),
  ];
  return ways.flatMap(([path, to]) =>
    typeof to !== 'string' || Object.hasOwn(nodes, to)
      ? []
      : [{ path: ['nodes', name, ...path], reason: `unknown node ${to}`, level: 'error' as const }],
  );
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

function buildNode(name: string, raw: unknown): FlowNode | Fault[] {
  const path = ['nodes', name];
  const fail = (reason: string): Fault[] => [{ path, reason, level: 'error' }];
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return fail(`node ${name} is not a mapping`);
  const kinds = NODE_KINDS.filter((kind) => kind in raw);
  const later = Object.entries(LATER_KINDS).find(([kind]) => kind in raw);
  if (later !== undefined)
    return fail(`node ${name}: ${later[0]} is not supported by this version; ${later[1]}`);
  const [kind] = kinds;
  if (kind === undefined)
    return fail(
      `node ${name} has no known type (one of ${NODE_KINDS.join(', ')}); it has ${Object.keys(raw).join(', ')}`,
    );
  if (kinds.length > 1) return fail(`node ${name} has several types: ${kinds.join(', ')}`);
  const parsed = NODES[kind].safeParse(raw);
  if (!parsed.success) return issues(parsed.error, path);
  return { kind, ...parsed.data } as FlowNode;
}

function issues(error: z.ZodError, prefix: Path): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const path = [...prefix, ...issue.path.map((p) => (typeof p === 'number' ? p : String(p)))];
    const where = path.join('.');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...path, key],
        reason: `unknown key ${key} in ${where || 'the flow'}`,
        level: 'error',
      }));
    if (issue.code === 'invalid_key')
      return [{ path, reason: `${where}: ${issue.issues[0]?.message ?? 'bad key'}`, level: 'error' }];
    return [{ path, reason: `${where}: ${issue.message}`, level: 'error' }];
  });
}

/** Line of the deepest part of the path that exists: of its key where it is a pair. */
function lineOf(doc: Document, path: Path, counter: LineCounter): number {
  let line = 1;
  let node: unknown = doc.contents;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(
        (p) => isPair(p) && isScalar(p.key) && String(p.key.value) === String(step),
      );
      if (pair === undefined) break;
      if (isNode(pair.key) && pair.key.range != null) line = counter.linePos(pair.key.range[0]).line;
      next = pair.value;
    } else if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
      next = (node.items as unknown[])[Number(step)];
      if (isNode(next) && next.range != null) line = counter.linePos(next.range[0]).line;
    }
    if (next === undefined) break;
    node = next;
  }
  return line;
}
