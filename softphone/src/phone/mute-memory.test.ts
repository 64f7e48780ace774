import { describe, expect, it } from 'vitest';
import { createMuteMemory } from './mute-memory.ts';

describe('a closed microphone', () => {
  const values = new Map<string, string>();
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  } as Storage;
  let call: string | null | undefined = 'v1';
  const open = () => createMuteMemory(storage, () => call);

  it('stays closed for the same call after F5 and is open for the next one', () => {
    open().set(true);
    expect(open().isMuted()).toBe(true);
    call = undefined;
    expect(open().isMuted()).toBe(true);
    call = 'v2';
    expect(open().isMuted()).toBe(false);
    call = 'v1';
    open().set(false);
    expect(open().isMuted()).toBe(false);
  });
});
