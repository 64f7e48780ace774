import { expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { readOpen, writeOpen } from './open-contact.ts';

it('the open contact is kept for each person of a tab, and forgotten when none is open', () => {
  const memory = memoryStorage();
  writeOpen(memory, 'ana', 'a');
  writeOpen(memory, 'rui', 'b');
  expect([readOpen(memory, 'ana'), readOpen(memory, 'rui'), readOpen(memory, 'bia')]).toEqual([
    'a',
    'b',
    null,
  ]);
  writeOpen(memory, 'ana', null);
  expect([readOpen(memory, 'ana'), readOpen(memory, 'rui')]).toEqual([null, 'b']);
});
