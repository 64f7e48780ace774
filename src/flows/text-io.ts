import type { Clock } from '../shared/clock.ts';
import type { PromptPart } from './domain/prompt.ts';
import type { FlowIo, KeysRead, ReadKeys } from './ports.ts';

export interface TextIoOptions {
  /** Sends one message to the customer. */
  readonly send: (text: string) => Promise<void>;
  readonly clock: Clock;
  /** How long an answer is waited for; a flow's own times are a telephone's. Default 10 minutes. */
  readonly answerTimeoutMs?: number;
  readonly ended: AbortSignal;
}

export interface TextIo extends FlowIo {
  /** A message of the customer. */
  receive(text: string): void;
}

/** The same flow as messages: prompts in a row become one message, an answer is the digits of one message. */
export function createTextIo(options: TextIoOptions): TextIo {
  const { clock, ended } = options;
  const inbox: string[] = [];
  let wake: (() => void) | undefined;
  let touched = false;
  let held: string[] = [];

  const flush = async () => {
    const text = held.join('\n');
    held = [];
    if (text !== '') await options.send(text);
  };
  const next = (signal: AbortSignal | undefined): Promise<string | undefined> => {
    if (inbox.length > 0 || ended.aborted) return Promise.resolve(inbox.shift());
    return new Promise((resolve) => {
      const finish = () => {
        timer.cancel();
        ended.removeEventListener('abort', finish);
        signal?.removeEventListener('abort', finish);
        wake = undefined;
        resolve(inbox.shift());
      };
      const timer = clock.after(options.answerTimeoutMs ?? 600_000, finish);
      ended.addEventListener('abort', finish);
      signal?.addEventListener('abort', finish);
      wake = finish;
    });
  };
  const readKeys = async ({ max, signal }: ReadKeys): Promise<KeysRead> => {
    await flush();
    const message = await next(signal);
    if (message === undefined) return { keys: '', cause: ended.aborted ? 'ended' : 'timeout' };
    return { keys: digitsOf(message, max), cause: 'complete' };
  };

  return {
    medium: 'text',
    ended,
    touched: () => touched,
    discardKeys: () => void inbox.splice(0),
    flush,
    readKeys,
    receive(text) {
      touched = true;
      inbox.push(text);
      wake?.();
    },
    say(parts) {
      const line = parts.map(plain).join(' ').trim();
      if (line !== '') held.push(line);
      return Promise.resolve('heard');
    },
  };
}

const plain = (part: PromptPart) => (part.kind === 'digits' ? part.digits : part.text);

/** "1", "1.", "opção 1" choose 1; "529.982.247-25" is eleven digits; "tenho 2 contas e 1 dúvida" chooses nothing. */
function digitsOf(message: string, max: number): string {
  const found: string[] = message.match(/[0-9*#]/g) ?? [];
  if (max > 1) return found.join('');
  return found.length === 1 ? (found[0] ?? '') : '?';
}
