import { describe, expect, it } from 'vitest';
import { interactionOf, presenceOf } from '../../../tests/e2e/desk-world.ts';
import { doingOf } from './doing.ts';
import { reduceWork } from './work-events.ts';
import { emptyWork } from './work.ts';

describe('what a person is doing', () => {
  const at = '2026-11-26T12:00:00.000Z';
  const work = (...interactions: ReturnType<typeof interactionOf>[]) =>
    reduceWork(emptyWork({ id: 'u1', queues: [] }), {
      type: 'snapshot',
      interactions,
      presence: presenceOf({ since: '2026-11-26T11:00:00.000Z' }),
    });

  it('is the call, then its wrap-up, then the presence, each with its own time', () => {
    const since = Date.parse(at);
    expect(doingOf(work(interactionOf({ id: 'v', connectedAt: at })))).toEqual({ kind: 'onCall', since });
    expect(doingOf(work(interactionOf({ id: 'v', state: 'wrapUp', endedAt: at })))).toEqual({
      kind: 'wrapUp',
      since,
    });
    expect(doingOf(work(interactionOf({ id: 'm', channel: 'email' })))).toEqual({
      kind: 'presence',
      since: Date.parse('2026-11-26T11:00:00.000Z'),
    });
  });
});
