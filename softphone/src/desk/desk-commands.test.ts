import { describe, expect, it } from 'vitest';
import type { Api } from '../session/api.ts';
import { commands } from './desk-commands.ts';

/** A desk whose notes of these numbers, from 0 on, get no answer; the keys that were sent. */
function setup(...lost: readonly number[]) {
  const keys: (string | undefined)[] = [];
  const texts: string[] = [];
  const post = (_path: string, { text }: { text: string }, key?: string): Promise<void> => {
    texts.push(text);
    return lost.includes(keys.push(key) - 1) ? Promise.reject(new Error('no answer')) : Promise.resolve();
  };
  const desk = commands(
    { post } as unknown as Api,
    () => undefined,
    () => Promise.resolve(),
  );
  return { desk, keys, texts };
}

describe('a note whose answer was lost', () => {
  it('is sent again with its key; the same words later are another note', async () => {
    const { desk, keys } = setup(0);
    await expect(desk.note('c1', 'ligar amanhã')).rejects.toThrow('no answer');
    await desk.note('c1', 'ligar amanhã');
    await desk.note('c1', 'ligar amanhã');
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('is another one than the same words in another contact, and than other words', async () => {
    const { desk, keys } = setup(0, 1, 2);
    for (const [id, text] of [
      ['c1', 'ligar amanhã'],
      ['c2', 'ligar amanhã'],
      ['c1', 'ligar hoje'],
    ] as const)
      await expect(desk.note(id, text)).rejects.toThrow('no answer');
    expect(new Set(keys).size).toBe(3);
  });
});

describe('a text that is longer than one note', () => {
  it('becomes several notes in order; after a lost answer the same parts go again with their keys', async () => {
    const { desk, keys, texts } = setup(1);
    const text = `${'a'.repeat(3999)}\n${'a'.repeat(3999)}\nfim`;
    await expect(desk.note('c1', text)).rejects.toThrow('no answer');
    await desk.note('c1', text);
    expect(texts.slice(2).join('\n')).toBe(text);
    expect(texts).toEqual([...texts.slice(2, 4), ...texts.slice(2)]);
    expect(keys.slice(2, 4)).toEqual(keys.slice(0, 2));
    expect(new Set(keys).size).toBe(3);
  });
});
