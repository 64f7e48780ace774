import type { Clock } from '../shared/clock.ts';
import { edges } from './domain/graph.ts';
import { kebab, type PromptPart, promptParts, tellsProtocol } from './domain/prompt.ts';
import type { Flow, FlowNode } from './domain/schema.ts';
import type { Vars } from './domain/template.ts';
import { runNode, type Outcome, type Run } from './nodes.ts';
import type { FlowIo, FlowJournal, FlowLookup } from './ports.ts';

export type FlowEnd =
  | {
      readonly kind: 'queue';
      readonly node: string;
      readonly queue: string;
      readonly priority: number;
      readonly skills: readonly string[];
      readonly protocolType?: 'request' | 'complaint' | 'information' | 'cancellation';
    }
  | { readonly kind: 'hangup'; readonly node: string }
  /** The customer left before any end. */
  | { readonly kind: 'ended'; readonly node: string }
  /** A fault of the flow or of the machine, and no queue to go to instead. */
  | { readonly kind: 'failed'; readonly node: string; readonly reason: string };

/** The flow's own sentence with the protocol number, which a key or the clock cut off: still owed to the caller. */
export interface Untold {
  readonly node: string;
  readonly parts: readonly PromptPart[];
}

export type FlowResult = FlowEnd & { readonly vars: Vars; readonly untold?: Untold };

export interface FlowDeps {
  readonly clock: Clock;
  readonly journal: FlowJournal;
  readonly lookup?: FlowLookup;
  /** Told of journal lines that could not be written, and the like; the contact goes on. */
  readonly onFault?: (error: unknown) => void;
  /** When the call was answered (default: now); `untouched` counts from here. */
  readonly answeredAtMs?: number;
}

/** More steps than any caller takes: whatever loops beyond this goes to a human. */
const MAX_STEPS = 200;

/**
 * Runs a flow to its end, by voice and by text. Never rejects: faults are journalled and the customer is sent to the
 * flow's first queue. The io's owner answers before and hangs up after.
 */
export async function runFlow(flow: Flow, io: FlowIo, vars: Vars, deps: FlowDeps): Promise<FlowResult> {
  const rescue = new AbortController();
  const timer = armUntouched(flow, io, deps, rescue);
  const lines: Promise<void>[] = [];
  const told = { whole: false };
  const run: Run = {
    flow,
    io,
    deps,
    vars: { ...vars },
    signal: rescue.signal,
    protocolHeard: () => (told.whole = true),
    journal: (kind, data) => {
      lines.push(deps.journal(kind, { flow: flow.name, ...data }).catch((e: unknown) => deps.onFault?.(e)));
    },
  };
  const end = await walk(run, rescue.signal);
  timer?.cancel();
  await io.flush?.().catch((e: unknown) => deps.onFault?.(e));
  await Promise.all(lines);
  const untold = told.whole ? undefined : protocolSentence(flow, run.vars);
  return { ...end, vars: run.vars, ...(untold && { untold }) };
}

/** How this flow tells the protocol number; undefined when it does not. */
function protocolSentence(flow: Flow, vars: Vars): Untold | undefined {
  for (const [name, node] of flow.nodes)
    if (node.kind === 'say' && tellsProtocol(node.say))
      return { node: name, parts: promptParts(node.say, vars, node.audio ?? kebab(name)) };
  return undefined;
}

/** contract.md: an untouched call is in the queue within 20 s of the answer, however long the prompts turn out. */
function armUntouched(flow: Flow, io: FlowIo, deps: FlowDeps, rescue: AbortController) {
  if (flow.untouched === undefined || io.medium !== 'voice') return undefined;
  const elapsedMs = deps.clock.now() - (deps.answeredAtMs ?? deps.clock.now());
  return deps.clock.after(flow.untouched.withinMs - elapsedMs, () => {
    if (!io.touched()) rescue.abort();
  });
}

async function walk(run: Run, rescue: AbortSignal): Promise<FlowEnd> {
  const { flow, io } = run;
  let name = flow.start;
  let rescued = false;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (hasLeft(io)) return { kind: 'ended', node: name };
    if (rescue.aborted && !rescued && flow.untouched !== undefined) {
      rescued = true;
      run.journal('flow.untouched', { node: name, next: flow.untouched.next });
      name = flow.untouched.next;
    }
    const node = flow.nodes.get(name);
    if (node === undefined) return fallback(run, name, `unknown node ${name}`);
    let outcome: Outcome;
    try {
      outcome = await runNode(name, node, run);
    } catch (error) {
      run.deps.onFault?.(error);
      return fallback(run, name, error instanceof Error ? error.message : 'fault');
    }
    if (hasLeft(io)) return { kind: 'ended', node: name };
    // What a node decides while the untouched rule fires is overruled by it, but for an end that was reached.
    if ('end' in outcome) return outcome.end;
    name = outcome.next;
  }
  return fallback(run, name, `more than ${MAX_STEPS} steps`);
}

const hasLeft = (io: FlowIo): boolean => io.ended.aborted;

/** The nearest queue from where the flow stands, else any queue of it: a fault of ours never drops a customer. */
function fallback(run: Run, from: string, reason: string): FlowEnd {
  run.journal('flow.fault', { node: from, reason });
  const queue = nearestQueue(run.flow, from) ?? nearestQueue(run.flow, run.flow.start);
  return queue === undefined ? { kind: 'failed', node: from, reason } : queue;
}

function nearestQueue(flow: Flow, from: string): FlowEnd | undefined {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    const node: FlowNode | undefined = flow.nodes.get(name);
    if (node === undefined || seen.has(name)) continue;
    if (node.kind === 'queue')
      return { kind: 'queue', node: name, queue: node.queue, priority: node.priority, skills: node.skills };
    seen.add(name);
    open.push(
      ...edges(node)
        .map((e) => e.to)
        .reverse(),
    );
  }
  return undefined;
}
