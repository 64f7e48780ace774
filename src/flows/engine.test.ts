import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../shared/clock.ts';
import type { PromptPart } from './domain/prompt.ts';
import { runFlow, type FlowDeps } from './engine.ts';
import { parseFlow } from './parse.ts';
import { createTextIo } from './text-io.ts';
import { createVoiceIo, type VoiceMedia } from './voice-io.ts';

const principal = fileURLToPath(new URL('../../ivr-flows/principal.yaml', import.meta.url));
const load = (yaml: string) => {
  const { flow, faults } = parseFlow(yaml, 'test.yaml');
  if (flow === undefined) throw new Error(JSON.stringify(faults));
  return flow;
};
const demo = load(readFileSync(principal, 'utf8'));
const VARS = { 'protocol.spoken': '2026110000000012' };

/** A clock that is turned by hand; `run` turns it to the next timer until the promise settles. */
function manualClock() {
  let now = 0;
  const timers = new Set<{ at: number; fn: () => void }>();
  const clock: Clock = {
    now: () => now,
    steady: () => now,
    after(delayMs, fn) {
      const timer = { at: now + Math.max(0, delayMs), fn };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const run = async <T>(promise: Promise<T>): Promise<T> => {
    const state = { done: false };
    const isDone = () => state.done;
    void promise.finally(() => (state.done = true)).catch(() => undefined);
    for (let i = 0; i < 500 && !isDone(); i++) {
      await settle();
      await settle();
      const [next] = [...timers].sort((a, b) => a.at - b.at);
      if (next === undefined || isDone()) continue;
      timers.delete(next);
      now = Math.max(now, next.at);
      next.fn();
    }
    return promise;
  };
  return { clock, run, pending: () => timers.size };
}

/** A leg that says each file for as long as its name tells (`ms:text`), and presses keys at given moments. */
function scene(presses: Record<number, string> = {}, lengthMs = 2000) {
  const time = manualClock();
  const left = new AbortController();
  const said: string[] = [];
  const cut: string[] = [];
  let press: (digit: string) => void = () => {};
  const media: VoiceMedia = {
    onDigit: (handler) => (press = handler),
    play: (files, options) =>
      new Promise((resolve) => {
        said.push(...files);
        const timer = time.clock.after(lengthMs * files.length, () => resolve('done'));
        options?.signal?.addEventListener('abort', () => {
          timer.cancel();
          cut.push(...files);
          resolve('stopped');
        });
      }),
  };
  const files = (parts: readonly PromptPart[]) =>
    Promise.resolve(parts.map((p) => (p.kind === 'digits' ? p.digits : p.text)));
  const io = createVoiceIo({ media, files, clock: time.clock, language: 'pt-BR', ended: left.signal });
  for (const [at, key] of Object.entries(presses))
    time.clock.after(Number(at), () =>
      key === 'hangup' ? left.abort() : Array.from(key).forEach((k) => press(k)),
    );
  const lines: [string, Record<string, unknown>][] = [];
  const deps: FlowDeps = {
    clock: time.clock,
    journal: (kind, data) => Promise.resolve(void lines.push([kind, data])),
  };
  return { ...time, io, said, cut, lines, deps, left };
}

describe('the demo flow by voice', () => {
  it.each([
    ['1', 'suporte', undefined],
    ['2', 'financeiro', undefined],
    ['3', 'retencao', 'cancellation'],
    ['4', 'suporte', 'complaint'],
    ['9', 'suporte', undefined],
  ])('key %s leads to %s', async (key, queue, type) => {
    const s = scene({ 9000: key });
    const end = await s.run(runFlow(demo, s.io, VARS, s.deps));
    expect(end).toMatchObject({ kind: 'queue', queue });
    expect('protocolType' in end ? end.protocolType : undefined).toBe(type);
    expect(s.pending()).toBe(0);
  });
  it('keys count from the first prompt on: typed ahead, they cut every prompt until the menu takes them', async () => {
    const s = scene({ 500: '2' });
    expect(await s.run(runFlow(demo, s.io, VARS, s.deps))).toMatchObject({ queue: 'financeiro' });
    expect(s.said).toHaveLength(1);
    expect(s.clock.now()).toBe(500);
  });
  it('owes the protocol number when a key cut it off, and the journal says what was heard', async () => {
    const owed = {
      node: 'protocolo',
      parts: [
        { kind: 'recording', name: 'protocolo', text: 'Seu protocolo é' },
        { kind: 'digits', digits: VARS['protocol.spoken'] },
      ],
    };
    const outcomes = (lines: [string, Record<string, unknown>][]) =>
      lines.filter(([kind]) => kind === 'flow.say').map(([, data]) => data['outcome']);
    const early = scene({ 500: '2' });
    expect((await early.run(runFlow(demo, early.io, VARS, early.deps))).untold).toEqual(owed);
    expect(outcomes(early.lines)).toEqual(['interrupted', 'skipped']);
    const middle = scene({ 2500: '2' });
    expect((await middle.run(runFlow(demo, middle.io, VARS, middle.deps))).untold).toEqual(owed);
    expect(outcomes(middle.lines)).toEqual(['heard', 'interrupted']);
    const late = scene({ 9000: '2' });
    expect((await late.run(runFlow(demo, late.io, VARS, late.deps))).untold).toBeUndefined();
    expect(outcomes(late.lines)).toEqual(['heard', 'heard']);
  });
  it('says menu, then the short one, and sends the silent caller to suporte', async () => {
    const s = scene();
    expect(await s.run(runFlow(demo, s.io, VARS, s.deps))).toMatchObject({
      queue: 'suporte',
      node: 'filaSuporte',
    });
    expect(s.lines.filter(([kind]) => kind === 'flow.menu')).toHaveLength(2);
    expect(s.clock.now()).toBeLessThan(20_000);
  });
  it('is in the queue in time even with prompts of a minute', async () => {
    const s = scene({}, 60_000);
    expect(await s.run(runFlow(demo, s.io, VARS, s.deps))).toMatchObject({ queue: 'suporte' });
    expect(s.clock.now()).toBe(18_500);
    expect(s.lines.map(([kind]) => kind)).toContain('flow.untouched');
  });
  it('forgives one wrong key and forgets what followed it', async () => {
    const s = scene({ 100: '77', 3000: '4' });
    expect(await s.run(runFlow(demo, s.io, VARS, s.deps))).toMatchObject({ protocolType: 'complaint' });
  });
  it('ends when the caller hangs up', async () => {
    const s = scene({ 3000: 'hangup' });
    expect(await s.run(runFlow(demo, s.io, VARS, s.deps))).toMatchObject({
      kind: 'ended',
      node: 'protocolo',
    });
    expect(s.pending()).toBe(0);
  });
  it('goes on when nothing can be said and no journal can be written', async () => {
    const s = scene({ 1000: '3' });
    const io = { ...s.io, say: () => Promise.reject(new Error('no voice')) };
    const faults: unknown[] = [];
    const deps = {
      ...s.deps,
      journal: () => Promise.reject(new Error('disk')),
      onFault: (e: unknown) => faults.push(e),
    };
    expect(await s.run(runFlow(demo, io, VARS, deps))).toMatchObject({ kind: 'queue', queue: 'retencao' });
    expect(faults.length).toBeGreaterThan(0);
  });
});

const ask = load(`
flow: ask
start: who
nodes:
  who: { collect: "Digite seu CPF", digits: cpf, as: cpf, next: find, otherwise: humano }
  find: { lookup: customer, by: cpf, timeoutMs: 1000, next: split, otherwise: humano }
  split: { branch: { when: [{ if: customer.found, equals: true, next: ola }], otherwise: humano } }
  ola: { say: "Olá {customer.name}", next: nota }
  nota: { survey: "Nota de 1 a 5", scale: { min: 1, max: 5 }, next: fim }
  fim: { hangup: "Obrigado" }
  humano: { queue: suporte, priority: 2, skills: [n1] }
`);

describe('collect, lookup, branch, survey', () => {
  const lookup: FlowDeps['lookup'] = (_what, { by }) =>
    Promise.resolve(by === '52998224725' ? { 'customer.found': true, 'customer.name': 'Maria' } : undefined);
  it('walks through with a valid CPF, and keeps it out of the journal', async () => {
    const s = scene({ 100: '52998224725', 4500: '5' });
    const end = await s.run(runFlow(ask, s.io, {}, { ...s.deps, lookup }));
    expect(end).toMatchObject({ kind: 'hangup', vars: { nota: 5, cpf: '52998224725' } });
    expect(s.said).toContain('Olá Maria');
    expect(JSON.stringify(s.lines)).not.toContain('52998224725');
  });
  it('an invalid CPF, or none, ends at a human', async () => {
    const s = scene({ 100: '11111111111' });
    expect(await s.run(runFlow(ask, s.io, {}, { ...s.deps, lookup }))).toMatchObject({
      queue: 'suporte',
      skills: ['n1'],
    });
  });
  it.each([
    ['never answers', () => new Promise<undefined>(() => undefined), 'tooSlow'],
    ['fails', () => Promise.reject(new Error('erp down')), 'failed'],
    ['knows nobody', () => Promise.resolve(undefined), 'notFound'],
  ])('a lookup that %s never blocks the way to a human', async (_name, broken, outcome) => {
    const s = scene({ 100: '52998224725' });
    expect(await s.run(runFlow(ask, s.io, {}, { ...s.deps, lookup: broken }))).toMatchObject({
      queue: 'suporte',
    });
    expect(s.lines.find(([kind]) => kind === 'flow.lookup')?.[1]).toMatchObject({ outcome });
  });
});

describe('the same file by text', () => {
  const talk = async (answers: string[]) => {
    const time = manualClock();
    const left = new AbortController();
    const sent: string[] = [];
    const io = createTextIo({
      clock: time.clock,
      ended: left.signal,
      send: (text) => {
        sent.push(text);
        const answer = answers.shift();
        if (answer !== undefined) setImmediate(() => io.receive(answer));
        return Promise.resolve();
      },
    });
    const end = await time.run(
      runFlow(demo, io, VARS, { clock: time.clock, journal: () => Promise.resolve() }),
    );
    return { end, sent };
  };
  it('sends one message and takes a number', async () => {
    const { end, sent } = await talk(['opção 2']);
    expect(end).toMatchObject({ queue: 'financeiro' });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('2026110000000012');
  });
  it('asks again, then gives a human', async () => {
    const { end, sent } = await talk(['oi', 'minha internet caiu, tenho 2 casas e 3 filhos']);
    expect(end).toMatchObject({ queue: 'suporte' });
    expect(sent).toHaveLength(2);
  });
});
