import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createVoiceIo, loadFlows, runFlow } from '../../src/flows/index.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { createSpeech, wavLengthMs } from '../../src/speech/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'untouched-'));
const speech = createSpeech({ dir, clock: systemClock });
afterAll(async () => {
  await speech.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Time that only passes by prompts and time-outs: as long as the real sound files, and no longer. */
function callTime() {
  let now = 0;
  const timers = new Set<{ at: number; fn: () => void }>();
  const clock: Clock = {
    now: () => now,
    steady: () => now,
    after(delayMs, fn) {
      const timer = { at: now + delayMs, fn };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
  };
  const advance = () => {
    const [next] = [...timers].sort((a, b) => a.at - b.at);
    if (next === undefined) return;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.fn();
  };
  return { clock, advance };
}

it('an untouched demo call is in the queue suporte within 20 s of the answer, with the real prompts', async () => {
  const flow = (await loadFlows('ivr-flows')).get('principal');
  if (flow === undefined) throw new Error('the demo flow is missing');
  // The slowest digits to say: no real protocol takes longer.
  for (const protocol of ['2026110000000012', '2044124444444444']) {
    const { clock, advance } = callTime();
    const speaking = { idle: false };
    const isIdle = () => speaking.idle;
    const wait = <T>(work: Promise<T>) => {
      speaking.idle = false;
      return work.finally(() => (speaking.idle = true));
    };
    const said: number[] = [];
    const io = createVoiceIo({
      clock,
      language: flow.language,
      ended: new AbortController().signal,
      files: (parts) => wait(speech.files(parts)),
      media: {
        onDigit: () => undefined,
        play: (files, options) =>
          new Promise((resolve) => {
            const ms = files.reduce((sum, file) => sum + wavLengthMs(readFileSync(file)), 0);
            said.push(Math.round(ms));
            const timer = clock.after(ms, () => resolve('done'));
            options?.signal?.addEventListener('abort', () => {
              timer.cancel();
              resolve('stopped');
            });
          }),
      },
    });
    const state = { done: false };
    const isDone = () => state.done;
    const running = runFlow(
      flow,
      io,
      { 'protocol.spoken': protocol, 'company.name': 'Exemplo Internet' },
      { clock, journal: () => Promise.resolve() },
    );
    void running.then(() => (state.done = true));
    while (!isDone()) {
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      if (isIdle() && !isDone()) advance();
    }
    expect(await running).toMatchObject({ kind: 'queue', queue: 'suporte' });
    console.log(
      `untouched call: prompts ${said.join(' + ')} ms, in the queue after ${Math.round(clock.now())} ms`,
    );
    expect(clock.now()).toBeLessThan(19_000);
  }
});
