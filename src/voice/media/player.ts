import { SILENCE, type Codec } from './g711.ts';

/** Samples of a 20 ms packet at 8 kHz. */
export const FRAME = 160;

/** Feeds 20 ms frames of a list of prompts; decoded audio is shared, frames are views of it. */
export class Player {
  private readonly prompts: readonly Buffer[];
  private readonly loop: boolean;
  private readonly silence: number;
  private readonly end: (how: 'done' | 'stopped') => void;
  private index = 0;
  private at = 0;

  constructor(
    prompts: readonly Buffer[],
    loop: boolean,
    codec: Codec,
    end: (how: 'done' | 'stopped') => void,
  ) {
    this.prompts = prompts.filter((p) => p.length > 0);
    this.loop = loop;
    this.silence = SILENCE[codec];
    this.end = end;
  }

  /** The next frame, or undefined at the end. */
  next(): Buffer | undefined {
    const prompt = this.prompts[this.index];
    if (prompt === undefined) return undefined;
    const from = this.at;
    const to = from + FRAME;
    this.at = to;
    if (to >= prompt.length) {
      this.index++;
      if (this.loop && this.index === this.prompts.length) this.index = 0;
      // Prompts follow each other without a gap: the last frame of one is filled from the next.
      this.at = to - prompt.length;
    }
    if (to <= prompt.length) return prompt.subarray(from, to);
    const frame = Buffer.alloc(FRAME, this.silence);
    prompt.copy(frame, 0, from);
    const rest = this.prompts[this.index];
    this.at = rest === undefined ? 0 : Math.min(this.at, rest.length - 1);
    rest?.copy(frame, prompt.length - from, 0, this.at);
    return frame;
  }

  finish(how: 'done' | 'stopped'): void {
    this.end(how);
  }
}
