import type { Clock } from '../shared/clock.ts';
import type { PromptPart } from './domain/prompt.ts';
import { createKeyBuffer } from './keys.ts';
import type { FlowIo } from './ports.ts';

/** What the voice side needs of a leg's media; `MediaEndpoint` of src/voice/ports.ts fits. */
export interface VoiceMedia {
  play(files: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<'done' | 'stopped'>;
  onDigit(handler: (digit: string) => void): void;
}

/** Files that say a prompt; `Speech.files` of src/speech fits. */
export type PromptFiles = (parts: readonly PromptPart[], language: string) => Promise<readonly string[]>;

export interface VoiceIoOptions {
  readonly media: VoiceMedia;
  readonly files: PromptFiles;
  readonly clock: Clock;
  readonly language: string;
  /** Fires when the caller's leg ended. */
  readonly ended: AbortSignal;
}

/** Create it before the answer, so that no key is missed. */
export function createVoiceIo({ media, files, clock, language, ended }: VoiceIoOptions): FlowIo {
  const keys = createKeyBuffer(clock, ended);
  media.onDigit((digit) => keys.push(digit));
  return {
    medium: 'voice',
    ended,
    touched: () => keys.touched,
    discardKeys: () => keys.clear(),
    readKeys: (options) => keys.read(options),
    async say(parts, { bargeIn, signal }) {
      const stop = new AbortController();
      const signals = [stop.signal, ended, ...(signal === undefined ? [] : [signal])];
      const any = AbortSignal.any(signals);
      const forget = bargeIn ? keys.onceKey(() => stop.abort()) : () => {};
      try {
        if (any.aborted) return 'skipped';
        const list = await files(parts, language);
        if (signals.some((s) => s.aborted)) return 'skipped';
        if (list.length === 0) return 'heard';
        return (await media.play(list, { signal: any })) === 'done' ? 'heard' : 'interrupted';
      } finally {
        forget();
      }
    },
  };
}
