import type { PromptPart } from './domain/prompt.ts';
import type { Value, Vars } from './domain/template.ts';

export interface ReadKeys {
  readonly min: number;
  readonly max: number;
  /** For each key. */
  readonly timeoutMs: number;
  /** Keys that end the input and are not part of it. */
  readonly terminators?: string;
  readonly signal?: AbortSignal;
}

export interface KeysRead {
  readonly keys: string;
  readonly cause: 'complete' | 'timeout' | 'ended';
}

/** heard: to its end. interrupted: its beginning at most. skipped: not a word, because a key was there before. */
export type Heard = 'heard' | 'interrupted' | 'skipped';

/** The customer's side of a flow: a telephone leg, or a conversation of text. Nothing here rejects when he leaves. */
export interface FlowIo {
  readonly medium: 'voice' | 'text';
  /** Resolves when said, when a key interrupted it, when `signal` fired or when the customer left. */
  say(
    parts: readonly PromptPart[],
    options: { readonly bargeIn: boolean; readonly signal?: AbortSignal },
  ): Promise<Heard>;
  /** Keys count from the first prompt on: what was typed ahead is read first. */
  readKeys(options: ReadKeys): Promise<KeysRead>;
  /** Has any key come since the answer? */
  touched(): boolean;
  /** Forgets what was typed ahead, after a wrong key. */
  discardKeys(): void;
  /** Text: sends what is still held back. */
  flush?(): Promise<void>;
  /** Fires when the customer left. */
  readonly ended: AbortSignal;
}

/** Looks something up for the flow. `undefined`: not found. What it answers is added to the variables. */
export type FlowLookup = (
  what: 'customer' | 'erp' | 'outage',
  question: { readonly by: string | undefined; readonly vars: Vars; readonly signal: AbortSignal },
) => Promise<Readonly<Record<string, Value>> | undefined>;

/** A line for the contact's journal, without personal data: `flow.menu {node, key, cause}`. */
export type FlowJournal = (kind: string, data: Readonly<Record<string, unknown>>) => Promise<void>;
