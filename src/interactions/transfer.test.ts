import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../tests/support/arriving.ts';
import type { Principal } from '../platform/http/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import { createDesk, type DeskDeps } from './desk.ts';
import { transition } from './domain/transition.ts';
import type { InteractionEvent } from './domain/events.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const ANA = 'ana' as AgentId;
const ana: Principal = {
  ...{ userId: ANA, companyId: 'c1' as CompanyId, name: 'Ana', role: 'operator', queues: ['suporte'] },
  ...{ via: 'session', scopes: [], credentialId: 's1' },
};
const taken: InteractionEvent = { type: 'accepted', agentId: ANA, direct: { hold: 'h1', wrapUpMs: 0 } };

/** Ana's call: of a queue, or of her own that no queue has seen. */
function talking(queue: string | null, theirs: string | undefined, refusal: string | null = null) {
  const direction = queue === null ? 'outbound' : 'inbound';
  const before: InteractionEvent[] = queue === null ? [taken] : [{ type: 'enqueued', queue }, taken];
  let contact = arrivingContact(AT, { direction });
  const apply = (event: InteractionEvent) => {
    const outcome = transition(contact, event, AT);
    if (!outcome.ok) return err(outcome.error);
    contact = outcome.value.next;
    return ok(contact);
  };
  for (const event of before) expect(apply(event).ok).toBe(true);
  return createDesk({
    interactions: {
      get: () => Promise.resolve(contact),
      apply: (_company: CompanyId, _id: InteractionId, event: InteractionEvent) =>
        Promise.resolve(apply(event)),
    },
    targets: {
      queueExists: () => true,
      refusal: () => refusal,
      queueOf: () => theirs,
      agentWaitMs: 60_000,
    },
    clock: { now: () => AT.getTime() },
  } as unknown as DeskDeps);
}
const ID = 'i1' as InteractionId;
const toBia = { type: 'agent', id: 'bia' } as const;

describe('a call given to a colleague', () => {
  it.each([
    ['of a queue stays in it', 'suporte', 'vendas', 'suporte'],
    ["that no queue has seen falls back to the colleague's", null, 'vendas', 'vendas'],
  ])('%s', async (_case, queue, theirs, expected) => {
    const given = await talking(queue, theirs).transfer(ana, ID, toBia, 'blind');
    expect(given.state).toMatchObject({
      name: 'queued',
      waiting: { queue: expected, sticky: { agentId: 'bia' } },
    });
  });

  it.each(['agent.full', 'agent.onCall', 'agent.noSoftphone', 'agent.notAvailable'])(
    'whom routing would give nothing (%s) is given nothing by name either, and the contact stays',
    async (why) => {
      await expect(talking('suporte', 'vendas', why).transfer(ana, ID, toBia, 'blind')).rejects.toMatchObject(
        {
          ...{ code: 'transfer.unavailable', status: 409, details: { why } },
        },
      );
    },
  );

  it('that no queue has seen, to a colleague without one: refused with a reason, the call stays', async () => {
    await expect(talking(null, undefined).transfer(ana, ID, toBia, 'blind')).rejects.toMatchObject({
      code: 'transfer.unavailable',
      status: 409,
    });
  });
});
