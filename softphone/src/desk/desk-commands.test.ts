import { expect, it } from 'vitest';
import type { Api } from '../session/api.ts';
import { commands } from './desk-commands.ts';

it('a note whose answer was lost is sent again with its key; the same words later are another note', async () => {
  const keys: (string | undefined)[] = [];
  const lost = new Set([0]);
  const post = (_path: string, _body: unknown, key?: string): Promise<void> =>
    lost.has(keys.push(key) - 1) ? Promise.reject(new Error('no answer')) : Promise.resolve();
  const desk = commands(
    { post } as unknown as Api,
    () => undefined,
    () => Promise.resolve(),
  );
  await expect(desk.note('c1', 'ligar amanhã')).rejects.toThrow('no answer');
  await desk.note('c1', 'ligar amanhã');
  await desk.note('c1', 'ligar amanhã');
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});
