import { beforeEach, describe, expect, it } from 'vitest';
import { arrivingContact } from '../../tests/support/arriving.ts';
import type { Principal } from '../platform/http/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import { createDesk, type DeskDeps } from './desk.ts';
import { transition } from './domain/transition.ts';
import type { InteractionEvent } from './domain/events.ts';
import type { Interaction } from './domain/types.ts';
import type { Interactions } from './interactions.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const COMPANY = 'c1' as CompanyId;
const ID = 'i1' as InteractionId;
const person = (name: string, role: Principal['role']): Principal => ({
  userId: name as AgentId,
  companyId: COMPANY,
  name,
  role,
  queues: ['suporte'],
  via: 'session',
  scopes: [],
  credentialId: 's1',
});
const ana = person('ana', 'operator');
const bruno = person('bruno', 'operator');
const sofia = person('sofia', 'supervisor');

const arriving = arrivingContact(AT, { id: ID, companyId: COMPANY });
const waits: readonly InteractionEvent[] = [{ type: 'enqueued', queue: 'suporte' }];
const rings: readonly InteractionEvent[] = [
  ...waits,
  {
    type: 'offered',
    agentId: ana.userId,
    hold: 'h1',
    ringMs: 20_000,
    wrapUpMs: 30_000,
  },
];
const talks: readonly InteractionEvent[] = [...rings, { type: 'accepted', agentId: ana.userId }];

describe('the desk ends a contact', () => {
  let contact: Interaction;

  function apply(event: InteractionEvent): Interaction {
    const outcome = transition(contact, event, AT);
    if (!outcome.ok) throw new Error(outcome.error.code);
    contact = outcome.value.next;
    return contact;
  }
  function desk() {
    const interactions: Pick<Interactions, 'get' | 'apply'> = {
      get: () => Promise.resolve(contact),
      apply: (_company, _id, event) => {
        const outcome = transition(contact, event, AT);
        if (!outcome.ok) return Promise.resolve(err(outcome.error));
        contact = outcome.value.next;
        return Promise.resolve(ok(contact));
      },
    };
    const voice: Pick<DeskDeps['voice'], 'hangup'> = {
      hangup: (_company, _id, agentId) => Promise.resolve(void apply({ type: 'agentEnded', agentId })),
    };
    return createDesk({ interactions, voice } as DeskDeps);
  }
  const become = (events: readonly InteractionEvent[]): void => {
    contact = arriving;
    for (const event of events) apply(event);
  };
  const refusal = (work: Promise<unknown>) => expect(work).rejects;

  beforeEach(() => {
    contact = arriving;
  });

  it.each([
    ['waits', waits],
    ['rings', rings],
  ])('nobody closes a call that %s', async (_name, events) => {
    for (const who of [ana, bruno, sofia]) {
      become(events);
      const before = contact;
      await refusal(desk().close(who, ID, { disposition: 'x', hangup: true })).toMatchObject({
        code: 'interaction.notYours',
      });
      expect(contact).toBe(before);
    }
  });

  it('an own live call is closed with the word that it is hung up, and not without', async () => {
    become(talks);
    await refusal(desk().close(ana, ID, { disposition: 'x' })).toMatchObject({
      code: 'interaction.stillTalking',
      status: 409,
    });
    expect(contact.state.name).toBe('active');
    const closed = await desk().close(ana, ID, { disposition: 'suporte.lentidao', hangup: true });
    expect(closed).toMatchObject({ state: { name: 'closed' }, disposition: 'suporte.lentidao' });
  });

  it("somebody else's live call is closed by nobody's form", async () => {
    become(talks);
    await refusal(desk().close(bruno, ID, { disposition: 'x', hangup: true })).toMatchObject({
      code: 'interaction.notYours',
    });
    await refusal(desk().close(sofia, ID, { disposition: 'x', hangup: true })).toMatchObject({
      code: 'interaction.stillTalking',
    });
    expect(contact.state.name).toBe('active');
  });

  it('a supervisor ends what waits, rings or talks with a reason', async () => {
    for (const [events, state] of [
      [waits, 'closed'],
      [rings, 'closed'],
      [talks, 'wrapUp'],
    ] as const) {
      become(events);
      expect((await desk().end(sofia, ID, 'trote')).state.name).toBe(state);
    }
  });
});
