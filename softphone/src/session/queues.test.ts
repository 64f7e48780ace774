import { expect, it } from 'vitest';
import { callingFor } from './queues.ts';

it("an operator calls under a queue of the own; a supervisor under the contact's", () => {
  const user = { role: 'operator' as const, queues: ['financeiro'] };
  expect(callingFor(user, 'financeiro')).toBe('financeiro');
  expect(callingFor(user, 'suporte')).toBeNull();
  expect(callingFor(user, null)).toBeNull();
  expect(callingFor({ role: 'supervisor', queues: [] }, 'suporte')).toBe('suporte');
});
