import { expect, it } from 'vitest';
import { availableAgent } from '../../tests/support/available-agent.ts';
import { presenceView } from './view.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const LATER = new Date('2026-11-23T13:00:00Z');

it('the desk reads when a call went back, and of none that nothing did', () => {
  expect(presenceView(availableAgent(AT, { callReturnedAt: LATER })).callReturnedAt).toBe(
    LATER.toISOString(),
  );
  expect(presenceView(availableAgent(AT))).not.toHaveProperty('callReturnedAt');
});
