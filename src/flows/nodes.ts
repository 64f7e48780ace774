import { assertNever } from '../shared/assert-never.ts';
import { parseDocument } from '../shared/br/documents.ts';
import { kebab, promptParts, tellsProtocol } from './domain/prompt.ts';
import type { Flow, FlowNode, NodeOf } from './domain/schema.ts';
import type { Value } from './domain/template.ts';
import type { FlowDeps, FlowEnd } from './engine.ts';
import type { FlowIo, Heard } from './ports.ts';

/** One flow of one contact, while it runs. */
export interface Run {
  readonly flow: Flow;
  readonly io: FlowIo;
  readonly deps: FlowDeps;
  readonly vars: Record<string, Value | undefined>;
  /** Fires when the untouched rule takes over. */
  readonly signal: AbortSignal;
  /** A prompt with the protocol number was said to its end. */
  protocolHeard(): void;
  journal(kind: string, data: Record<string, unknown>): void;
}

export type Outcome = { readonly next: string } | { readonly end: FlowEnd };

export async function runNode(name: string, node: FlowNode, run: Run): Promise<Outcome> {
  switch (node.kind) {
    case 'say':
      run.journal('flow.say', {
        node: name,
        outcome: await prompt(run, node.say, node.audio ?? kebab(name), node.bargeIn),
      });
      return { next: node.next };
    case 'menu':
      return runMenu(name, node, run);
    case 'collect':
      return runCollect(name, node, run);
    case 'lookup':
      return runLookup(name, node, run);
    case 'branch':
      return runBranch(name, node, run);
    case 'survey':
      return runSurvey(name, node, run);
    case 'queue':
    case 'hangup':
      return { end: await runEnd(name, node, run) };
    default:
      return assertNever(node);
  }
}

/** A prompt that cannot be made is a fault to be told, and no reason to lose the customer. */
async function prompt(run: Run, text: string, recording: string | undefined, bargeIn = true): Promise<Heard> {
  try {
    const heard = await run.io.say(promptParts(text, run.vars, recording), { bargeIn, signal: run.signal });
    if (heard === 'heard' && tellsProtocol(text)) run.protocolHeard();
    return heard;
  } catch (error) {
    run.deps.onFault?.(error);
    run.journal('flow.fault', { reason: 'the prompt could not be said' });
    return 'skipped';
  }
}

const gone = (run: Run) => run.io.ended.aborted || run.signal.aborted;

/** What a choice means to people: the queue that it leads to, where it leads to one. */
const meaningOf = (node: FlowNode | undefined): string | undefined =>
  node?.kind === 'queue' ? node.queue : undefined;

async function runMenu(name: string, node: NodeOf<'menu'>, run: Run): Promise<Outcome> {
  for (let attempt = 1; attempt <= node.attempts; attempt++) {
    const again = attempt > 1 ? node.again : undefined;
    const audio = again === undefined ? (node.audio ?? kebab(name)) : `${kebab(name)}-again`;
    await prompt(run, again ?? node.menu, audio);
    const { keys, cause } = await run.io.readKeys({
      min: 1,
      max: 1,
      timeoutMs: node.timeoutMs,
      signal: run.signal,
    });
    const next = node.options[keys];
    const valid = next !== undefined;
    const meant = next === undefined ? undefined : meaningOf(run.flow.nodes.get(next));
    run.journal('flow.menu', {
      node: name,
      attempt,
      key: keys === '' ? null : keys,
      cause,
      valid,
      ...(meant === undefined ? {} : { queue: meant }),
    });
    if (valid) return { next };
    if (gone(run)) break;
    // Whatever follows a wrong key was meant for the menu that the caller believed to be in.
    if (keys !== '') run.io.discardKeys();
  }
  return { next: node.otherwise };
}

async function runCollect(name: string, node: NodeOf<'collect'>, run: Run): Promise<Outcome> {
  const range = typeof node.digits === 'object' ? node.digits : LENGTHS[node.digits];
  for (let attempt = 1; attempt <= node.attempts; attempt++) {
    await prompt(run, node.collect, node.audio ?? kebab(name));
    const { keys, cause } = await run.io.readKeys({
      ...range,
      timeoutMs: node.timeoutMs,
      terminators: '#',
      signal: run.signal,
    });
    const valid = isValid(keys, node.digits, range);
    // Lengths only: the digits are a document.
    run.journal('flow.collect', { node: name, attempt, length: keys.length, cause, valid });
    if (valid) {
      run.vars[node.as ?? name] = keys;
      return { next: node.next };
    }
    if (gone(run)) break;
    run.io.discardKeys();
  }
  return { next: node.otherwise };
}

const LENGTHS = { cpf: { min: 11, max: 11 }, protocol: { min: 16, max: 16 } } as const;

function isValid(
  keys: string,
  digits: NodeOf<'collect'>['digits'],
  range: { min: number; max: number },
): boolean {
  if (!/^[0-9]+$/.test(keys) || keys.length < range.min || keys.length > range.max) return false;
  if (digits === 'cpf') return parseDocument(keys)?.kind === 'CPF';
  return digits !== 'protocol' || /^20[0-9]{2}(0[1-9]|1[0-2])/.test(keys);
}

async function runLookup(name: string, node: NodeOf<'lookup'>, run: Run): Promise<Outcome> {
  const { clock, lookup } = run.deps;
  const startedMs = clock.now();
  const limit = new AbortController();
  const by = node.by === undefined ? undefined : String(run.vars[node.by] ?? '');
  let outcome: 'found' | 'notFound' | 'failed' | 'tooSlow' = 'notFound';
  const asked =
    lookup === undefined
      ? Promise.resolve(undefined)
      : lookup(node.lookup, { by, vars: run.vars, signal: AbortSignal.any([limit.signal, run.io.ended]) });
  const timer = { cancel: () => {} };
  const tooSlow = new Promise<'tooSlow'>((resolve) => {
    timer.cancel = bind(clock.after(node.timeoutMs, () => resolve('tooSlow')));
  });
  try {
    const answer = await Promise.race([asked, tooSlow]);
    if (answer === 'tooSlow') outcome = 'tooSlow';
    else if (answer !== undefined) {
      Object.assign(run.vars, answer);
      outcome = 'found';
    }
  } catch (error) {
    run.deps.onFault?.(error);
    outcome = 'failed';
  } finally {
    timer.cancel();
    limit.abort();
    // A late failure belongs to nobody.
    void asked.catch(() => undefined);
  }
  run.journal('flow.lookup', { node: name, what: node.lookup, outcome, tookMs: clock.now() - startedMs });
  return { next: outcome === 'found' ? node.next : (node.otherwise ?? node.next) };
}

const bind = (timer: { cancel(): void }) => () => timer.cancel();

function runBranch(name: string, node: NodeOf<'branch'>, run: Run): Outcome {
  const hit = node.branch.when.find((w) => {
    const value = run.vars[w.if];
    if (w.in !== undefined) return w.in.some((one) => same(one, value));
    if (w.equals !== undefined) return same(w.equals, value);
    return (value !== undefined && value !== '') === (w.exists ?? true);
  });
  const next = hit?.next ?? node.branch.otherwise;
  run.journal('flow.branch', { node: name, next });
  return { next };
}

/** By their text: a collected "1" equals the 1 that somebody wrote in YAML. */
const same = (a: Value, b: Value | undefined) => b !== undefined && String(a) === String(b);

async function runSurvey(name: string, node: NodeOf<'survey'>, run: Run): Promise<Outcome> {
  await prompt(run, node.survey, node.audio ?? kebab(name));
  const { keys } = await run.io.readKeys({ min: 1, max: 1, timeoutMs: node.timeoutMs, signal: run.signal });
  const score = /^[0-9]$/.test(keys) ? Number(keys) : undefined;
  const valid = score !== undefined && score >= node.scale.min && score <= node.scale.max;
  if (valid) run.vars[node.as ?? name] = score;
  run.journal('flow.survey', { node: name, score: valid ? score : null });
  return { next: node.next };
}

type EndNode = NodeOf<'queue'> | NodeOf<'hangup'>;

async function runEnd(name: string, node: EndNode, run: Run): Promise<FlowEnd> {
  switch (node.kind) {
    case 'queue': {
      run.journal('flow.queue', { node: name, queue: node.queue });
      const { queue, priority, skills, type } = node;
      return { kind: 'queue', node: name, queue, priority, skills, ...(type && { protocolType: type }) };
    }
    case 'hangup':
      if (typeof node.hangup === 'string') await prompt(run, node.hangup, kebab(name), false);
      run.journal('flow.hangup', { node: name });
      return { kind: 'hangup', node: name };
    default:
      return assertNever(node);
  }
}
