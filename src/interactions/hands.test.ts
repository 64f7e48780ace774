import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../platform/http/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { ok } from '../shared/result.ts';
import { createHands, type HandsDeps } from './hands.ts';
import type { Interaction } from './domain/types.ts';

const person = (name: string, role: Principal['role']): Principal => ({
  userId: name as AgentId,
  companyId: 'c1' as CompanyId,
  name,
  role,
  queues: ['suporte'],
  via: 'session',
  scopes: [],
  credentialId: 's1',
});
const ana = person('ana', 'operator');
const sofia = person('sofia', 'supervisor');

type Contact = Pick<Interaction, 'id' | 'companyId' | 'channel' | 'queue' | 'agent'> & { state: unknown };
const waiting = (channel: Interaction['channel']): Contact => ({
  id: 'i1' as InteractionId,
  companyId: 'c1' as CompanyId,
  channel,
  queue: 'suporte',
  agent: null,
  state: { name: 'queued' },
});

describe('a waiting contact', () => {
  let contact: Contact;
  let allowTake: boolean;
  let softphone: boolean;
  let state: 'offline' | 'available' | 'paused';
  let wrapUp: { wrapUpMs: number; wrapUpMaxMs: number };
  let did: unknown[];

  const hands = () =>
    createHands({
      desk: {
        see: () => Promise.resolve(contact as Interaction),
        accept: () => Promise.resolve(void did.push('accept') as never),
      },
      interactions: {
        apply(_company, _id, event) {
          did.push(event);
          return Promise.resolve(ok(contact as Interaction));
        },
        record: (_company, _id, { kind }) => Promise.resolve(void did.push(kind)),
      },
      take: (_company, _id, agent, { own }) =>
        Promise.resolve(void did.push(`${agent}:${own ? 'own' : 'offered'}`) as never),
      rules: () => ({ allowTake, ...wrapUp }),
      operator: (_company, id) =>
        id === 'nobody' ? undefined : { id: id as AgentId, name: id, state, softphone },
    } satisfies HandsDeps);

  beforeEach(() => {
    contact = waiting('email');
    allowTake = true;
    softphone = true;
    state = 'available';
    wrapUp = { wrapUpMs: 30_000, wrapUpMaxMs: 120_000 };
    did = [];
  });

  it('is taken where the queue allows it; a supervisor may always', async () => {
    await hands().take(ana, 'i1');
    allowTake = false;
    await expect(hands().take(ana, 'i1')).rejects.toMatchObject({ code: 'interaction.takeNotAllowed' });
    await hands().take(sofia, 'i1');
    expect(did).toEqual(['ana:own', 'sofia:own']);
  });

  it('a call is not taken without a phone', async () => {
    contact = waiting('voice');
    softphone = false;
    await expect(hands().take(ana, 'i1')).rejects.toMatchObject({ code: 'agent.noSoftphone' });
    await expect(hands().assign(sofia, 'i1', 'ana')).rejects.toMatchObject({ code: 'agent.noSoftphone' });
    expect(did).toEqual([]);
  });

  it('is taken by nobody who is away, though a phone of theirs is there; a pause does not matter', async () => {
    state = 'offline';
    for (const channel of ['email', 'voice'] as const)
      for (const who of [ana, sofia]) {
        contact = waiting(channel);
        await expect(hands().take(who, 'i1')).rejects.toMatchObject({ code: 'agent.notAvailable' });
      }
    expect(did).toEqual([]);
    state = 'paused';
    await hands().take(ana, 'i1');
    expect(did).toEqual(['ana:own']);
  });

  it('that rings at somebody else, talks or is over is not there to be taken', async () => {
    const claim = { agentId: 'bruno' };
    for (const [name, code] of [
      ['offered', 'offer.taken'],
      ['active', 'offer.taken'],
      ['closed', 'interaction.notWaiting'],
    ] as const) {
      contact = { ...waiting('email'), state: { name, claim } };
      await expect(hands().take(ana, 'i1')).rejects.toMatchObject({ code });
      await expect(hands().assign(sofia, 'i1', 'ana')).rejects.toMatchObject({ code });
    }
    // What rings at oneself is accepted; what one has already is simply there.
    contact = { ...waiting('email'), state: { name: 'offered', claim: { agentId: 'ana' } } };
    await hands().take(ana, 'i1');
    contact = { ...waiting('email'), state: { name: 'active', claim: { agentId: 'ana' } } };
    await hands().take(ana, 'i1');
    expect(did).toEqual(['accept']);
  });

  it('is given to somebody who is there; a call only to who could be offered it', async () => {
    await hands().assign(sofia, 'i1', 'ana');
    contact = waiting('voice');
    await hands().assign(sofia, 'i1', 'ana');
    expect(did).toEqual(['ana:own', 'assigned', 'ana:offered', 'assigned']);
    await expect(hands().assign(sofia, 'i1', 'nobody')).rejects.toMatchObject({ code: 'agent.notFound' });
    state = 'offline';
    await expect(hands().assign(sofia, 'i1', 'ana')).rejects.toMatchObject({ code: 'agent.notAvailable' });
  });

  it('only its own operator drafts its end or asks for more time', async () => {
    contact = { ...waiting('voice'), agent: { id: 'bruno' as AgentId, name: 'Bruno' } };
    const draft = { disposition: null, note: 'x' };
    for (const who of [ana, sofia]) {
      await expect(hands().draft(who, 'i1', draft)).rejects.toMatchObject({ code: 'interaction.notYours' });
      await expect(hands().extendWrapUp(who, 'i1')).rejects.toMatchObject({ code: 'interaction.notYours' });
    }
    expect(did).toEqual([]);
  });

  it.each([
    ['at least a minute', 30_000, 120_000, { byMs: 60_000, maxMs: 120_000 }],
    ['the time of the queue', 90_000, 120_000, { byMs: 90_000, maxMs: 120_000 }],
    ['a limit no shorter than the wrap-up itself', 300_000, 180_000, { byMs: 300_000, maxMs: 300_000 }],
  ])('more time is %s', async (_what, wrapUpMs, wrapUpMaxMs, expected) => {
    contact = { ...waiting('voice'), agent: { id: 'ana' as AgentId, name: 'Ana' } };
    wrapUp = { wrapUpMs, wrapUpMaxMs };
    await hands().extendWrapUp(ana, 'i1');
    expect(did).toMatchObject([{ type: 'wrapUpExtended', ...expected }]);
  });
});
