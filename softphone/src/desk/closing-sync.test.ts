import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { windowTimers } from '../../../tests/support/window-timers.ts';
import { interactionOf } from '../../../tests/e2e/desk-world.ts';
import { pt } from '../i18n/pt/index.ts';
import { createDrafts, unsentTexts, type Drafts } from '../session/drafts.ts';
import { createStore } from '../ui/store.ts';
import { createClosingSync, SAVE_AFTER_MS, type ClosingSync } from './closing-sync.ts';
import { reduceWork } from './work-events.ts';
import { emptyWork, type Work } from './work.ts';

describe('what is typed about the end of a call', () => {
  const storage = memoryStorage();
  let drafts: Drafts;
  let sync: ClosingSync;
  let sent: { path: string; body: unknown }[];
  let isAway: boolean;
  let slow: Promise<undefined>;
  const work = createStore<Work>(emptyWork({ id: 'u1', queues: [] }));
  /** The server thinks until the answer is given. */
  const thinks = (): (() => void) => {
    let answer = (): void => undefined;
    slow = new Promise((resolve) => {
      answer = () => resolve(undefined);
    });
    return () => answer();
  };
  const hold = (state: 'wrapUp' | 'closed', part: { deadline?: string } = {}): void =>
    work.update((now) =>
      reduceWork(now, {
        type: 'snapshot',
        interactions: [interactionOf({ id: 'v1', state, ...part })],
        presence: null,
      }),
    );
  const open = (): void => {
    drafts = createDrafts(storage, 'u1');
    sync = createClosingSync({
      api: {
        send: (_method, path, body) => {
          if (isAway) return Promise.reject(new Error('network'));
          sent.push({ path, body });
          return slow as Promise<never>;
        },
      },
      drafts,
      work,
      text: () => pt,
      now: () => Date.now(),
    });
    sync.start();
  };

  windowTimers();
  beforeEach(() => {
    storage.clear();
    work.set(emptyWork({ id: 'u1', queues: [] }));
    sent = [];
    isAway = false;
    slow = Promise.resolve(undefined);
    open();
    hold('wrapUp');
  });
  afterEach(() => {
    sync.stop();
  });
  const pause = (ms = SAVE_AFTER_MS) => vi.advanceTimersByTimeAsync(ms);

  it('is told to the server once typing pauses, with an unsaved note, and once only', async () => {
    drafts.change('v1', { closingNote: 'lo' });
    await pause(SAVE_AFTER_MS / 2);
    drafts.change('v1', {
      closingNote: 'loja',
      subject: 'suporte',
      reason: 'lentidao',
      note: 'roteador novo',
    });
    await pause();
    await pause(10_000);
    expect(sent).toEqual([
      {
        path: '/api/v1/interactions/v1/draft',
        body: { disposition: 'suporte.lentidao', note: 'loja\nroteador novo' },
      },
    ]);
    hold('closed');
    drafts.settle('v1');
    expect(drafts.store.get()).toEqual({});
  });

  it('is told also while somebody types on without a pause, and its last words after it', async () => {
    for (const closingNote of ['l', 'lo', 'loj', 'loja']) {
      drafts.change('v1', { closingNote });
      await pause(SAVE_AFTER_MS / 2);
    }
    expect(sent.at(0)?.body).toEqual({ disposition: null, note: 'lo' });
    await pause();
    expect(sent.at(-1)?.body).toEqual({ disposition: null, note: 'loja' });
  });

  it('is told one at a time: while the server thinks, what is newer waits', async () => {
    const answer = thinks();
    drafts.change('v1', { closingNote: 'loja' });
    await pause();
    drafts.change('v1', { closingNote: 'loja nova' });
    await pause(10_000);
    expect(sent).toHaveLength(1);
    slow = Promise.resolve(undefined);
    answer();
    await pause(2 * SAVE_AFTER_MS);
    expect(sent.at(-1)?.body).toEqual({ disposition: null, note: 'loja nova' });
  });

  it('an answer that comes after the close brings no draft back', async () => {
    const answer = thinks();
    drafts.change('v1', { closingNote: 'loja' });
    await pause();
    expect(sent).toHaveLength(1);
    hold('closed');
    drafts.forget('v1', drafts.of('v1'));
    answer();
    await pause();
    expect(drafts.store.get()).toEqual({});
    expect(storage).toHaveLength(0);
  });

  it('that the server had just been told when the contact ended stays in no browser', async () => {
    const answer = thinks();
    drafts.change('v1', { closingNote: 'loja' });
    await pause();
    hold('closed');
    drafts.settle('v1');
    expect(unsentTexts(drafts.of('v1'))).toEqual(['loja']);
    answer();
    await pause();
    expect(drafts.store.get()).toEqual({});
    expect(storage).toHaveLength(0);
  });

  it('that is longer than the server keeps stays here whole, and only its beginning is told, once', async () => {
    const [summary, note] = ['s'.repeat(3990), 'n'.repeat(3990)];
    drafts.change('v1', { closingNote: summary, note });
    await pause();
    expect(sent.map(({ body }) => body)).toEqual([{ disposition: null, note: summary }]);
    drafts.change('other', { reply: 'olá' });
    await pause();
    expect(sent).toHaveLength(1);
    hold('closed');
    drafts.settle('v1');
    expect(unsentTexts(drafts.of('v1'))).toEqual([note, summary]);
  });

  it('does not wait for a pause when the wrap-up is about to end', async () => {
    hold('wrapUp', { deadline: new Date(Date.now() + 1500).toISOString() });
    drafts.change('v1', { closingNote: 'loj' });
    await pause(500);
    expect(sent.at(-1)?.body).toEqual({ disposition: null, note: 'loj' });
    await pause(900);
    drafts.change('v1', { closingNote: 'loja' });
    await pause(1);
    expect(sent.at(-1)?.body).toEqual({ disposition: null, note: 'loja' });
  });

  it('is told after the usual pause while the wrap-up has time left', async () => {
    hold('wrapUp', { deadline: new Date(Date.now() + 60_000).toISOString() });
    drafts.change('v1', { closingNote: 'loja' });
    await pause(SAVE_AFTER_MS - 1);
    expect(sent).toEqual([]);
    await pause(1);
    expect(sent).toHaveLength(1);
  });

  it('survives F5 and a lost line, and is told when both are back', async () => {
    isAway = true;
    drafts.change('v1', { closingNote: 'loja' });
    await pause();
    sync.stop();
    work.set(emptyWork({ id: 'u1', queues: [] }));
    open();
    hold('wrapUp');
    await pause();
    expect(sent).toEqual([]);
    isAway = false;
    await pause(3000);
    expect(sent).toHaveLength(1);
  });

  it('stays here when the contact ended before the server heard of it', async () => {
    isAway = true;
    drafts.change('v1', { closingNote: 'loja', reply: 'até logo' });
    await pause();
    hold('closed');
    drafts.settle('v1');
    expect(unsentTexts(drafts.of('v1'))).toEqual(['até logo', 'loja']);
    await pause(60_000);
    expect(sent).toEqual([]);
  });

  it('an empty draft is not worth a word', async () => {
    drafts.change('v1', { mode: 'note' });
    await pause(10_000);
    expect(sent).toEqual([]);
    // What was told and is taken back has to be told again.
    drafts.change('v1', { closingNote: 'x' });
    await pause();
    drafts.change('v1', { closingNote: '' });
    await pause();
    expect(sent.at(-1)?.body).toEqual({ disposition: null, note: null });
  });
});
