import { expect, it } from 'vitest';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';

it('signing out calls a contact "other" only beside a call', () => {
  expect(pt.leave.others(1, false)).toMatch(/^Há 1 contato com você\./);
  expect(pt.leave.others(1, true)).toMatch(/^Há 1 outro contato com você\./);
  expect(pt.leave.others(3, false)).toMatch(/^Há 3 contatos com você\./);
  expect(pt.leave.others(3, true)).toMatch(/^Há outros 3 contatos com você\./);
  expect(en.leave.others(1, false)).toMatch(/^You have 1 contact in hand\./);
  expect(en.leave.others(3, true)).toMatch(/^You have 3 other contacts in hand\./);
});
