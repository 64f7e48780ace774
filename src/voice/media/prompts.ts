import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import type { Codec } from './g711.ts';
import { wavToG711 } from './wav.ts';

/** Decoded prompts in memory, least recently used out first; a changed file is read anew. */
export interface PromptCache {
  /** G.711 of an 8 kHz mono WAV. Throws AppError `media.badFile`. */
  load(path: string, codec: Codec): Promise<Buffer>;
  readonly bytes: number;
}

interface Entry {
  readonly stamp: string;
  readonly audio: Buffer;
}

/** `maxBytes`: 1 MiB is 131 s of speech. */
export function createPromptCache(maxBytes: number): PromptCache {
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function keep(key: string, entry: Entry): void {
    drop(key);
    entries.set(key, entry);
    bytes += entry.audio.length;
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
  }
  function drop(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    bytes -= entry.audio.length;
  }

  return {
    get bytes() {
      return bytes;
    },
    async load(path, codec) {
      const key = `${codec} ${path}`;
      const fail = (why: string): AppError => new AppError('media.badFile', 422, `${path}: ${why}`);
      const info = await stat(path).catch((error: unknown) => {
        throw fail(String(error));
      });
      const stamp = `${info.mtimeMs} ${info.size}`;
      const known = entries.get(key);
      if (known?.stamp === stamp) {
        // Map order is age: re-inserting makes it the youngest.
        entries.delete(key);
        entries.set(key, known);
        return known.audio;
      }
      const audio = wavToG711(await readFile(path), codec);
      if (typeof audio === 'string') throw fail(audio);
      keep(key, { stamp, audio });
      return audio;
    },
  };
}
