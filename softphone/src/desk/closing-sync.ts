import { z } from 'zod';
import type { Dictionary } from '../i18n/index.ts';
import type { Api } from '../session/api.ts';
import { isNews, signature, type Draft, type Drafts } from '../session/drafts.ts';
import type { ReadStore } from '../ui/store.ts';
import { path } from './desk-commands.ts';
import { closingOf, noteOf } from './finish.ts';
import { partsOf } from './note-parts.ts';
import { isWork, type Work } from './work.ts';

/** The server is told this long after a change, also while somebody types on without a pause, ms. */
export const SAVE_AFTER_MS = 700;
/** So long before a wrap-up ends by itself nothing waits any more: what is typed is on its way at once, ms. */
const LAST_MS = 1000;
/** A refusal or a lost line is tried again after this, ms. */
const AGAIN_MS = 3000;

export interface ClosingSync {
  start: () => void;
  stop: () => void;
}

export interface ClosingSyncDeps {
  api: Pick<Api, 'send'>;
  drafts: Drafts;
  work: ReadStore<Work>;
  text: () => Dictionary;
  /** Ms since the epoch. */
  now: () => number;
}

/**
 * While a call is written up, what was chosen and typed is kept by the server too: a wrap-up that ends by itself closes
 * with it, whatever became of this browser. What could not be kept stays here (`unsentTexts`).
 */
export function createClosingSync({ api, drafts, work, text, now }: ClosingSyncDeps): ClosingSync {
  const timers = new Map<string, number>();
  const releases: (() => void)[] = [];
  /** One at a time: an older text must not arrive after a newer one. */
  const going = new Set<string>();
  /** Of texts that are longer than the server keeps: their beginning was told, and is not told again. */
  const begun = new Map<string, string>();

  const isOurs = (id: string): boolean => {
    const one = work.get().interactions[id];
    return one?.channel === 'voice' && isWork(work.get(), one);
  };
  const save = async (id: string): Promise<void> => {
    const draft = drafts.of(id);
    if (going.has(id) || !isOurs(id) || !isNews(draft)) return;
    going.add(id);
    const saved = signature(draft);
    try {
      const { body, isWhole } = draftBody(text(), draft);
      await api.send('PUT', path(id, '/draft'), body, z.unknown());
      if (!isWhole) begun.set(id, saved);
      // A contact that was closed meanwhile has no draft any more.
      else if (id in drafts.store.get()) drafts.change(id, { saved });
      // It ended while this was on its way: what the server has by now stays in no browser.
      if (!isOurs(id)) drafts.settle(id);
    } catch {
      plan(id, AGAIN_MS);
    } finally {
      going.delete(id);
    }
  };
  const plan = (id: string, ms: number): void => {
    window.clearTimeout(timers.get(id));
    timers.set(
      id,
      window.setTimeout(() => {
        timers.delete(id);
        void save(id);
      }, ms),
    );
  };
  /** The end of a wrap-up does not wait for a pause in typing. */
  const waitMs = (id: string): number => {
    const one = work.get().interactions[id];
    if (one?.state !== 'wrapUp' || one.deadline === undefined) return SAVE_AFTER_MS;
    return Math.min(SAVE_AFTER_MS, Math.max(0, Date.parse(one.deadline) - now() - LAST_MS));
  };
  const look = (): void => {
    // What is planned stays planned: each key would put it off, past the end of the wrap-up.
    for (const [id, draft] of Object.entries(drafts.store.get()))
      if (!timers.has(id) && isNews(draft) && begun.get(id) !== signature(draft) && isOurs(id))
        plan(id, waitMs(id));
  };
  const drop = (): void => {
    for (const timer of timers.values()) window.clearTimeout(timer);
    timers.clear();
  };
  let loaded = false;
  return {
    start: () => {
      releases.push(
        drafts.store.subscribe(look),
        work.subscribe(() => {
          if (work.get().loaded === loaded) return;
          loaded = work.get().loaded;
          // The line is back: nothing waits for its turn to be tried again.
          drop();
          look();
        }),
      );
    },
    stop: () => {
      for (const release of releases.splice(0)) release();
      drop();
    },
  };
}

/**
 * A note that nobody saved yet goes along: the contact may end before somebody presses a button. Of more than one note holds the
 * server gets the beginning, and the whole stays with this browser.
 */
export function draftBody(
  t: Dictionary,
  draft: Draft,
): { body: { disposition: string | null; note: string | null }; isWhole: boolean } {
  const lines = [noteOf(t, draft) ?? '', draft.note.trim()].filter((line) => line !== '');
  const parts = partsOf(lines.join('\n'));
  return {
    body: { disposition: closingOf(t, draft)?.disposition ?? null, note: parts[0] ?? null },
    isWhole: parts.length <= 1,
  };
}
