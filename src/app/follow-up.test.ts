import { describe, expect, it } from 'vitest';
import type { Interaction } from '../interactions/index.ts';
import { bindFollowUp } from './follow-up.ts';

type Handler = (effect: object, contact: Interaction) => Promise<void>;
const MARIA = { id: 'maria', name: 'Maria' };
const BRUNO = { id: 'bruno', name: 'Bruno' };

const contact = (id: string, customer: typeof MARIA | null, identity = 'unconfirmed'): Interaction =>
  ({ companyId: 'c', id, protocol: '2026110000000002', customer, identity }) as unknown as Interaction;

/** A protocol with its contacts; `told` is what a contact's identification does to it. */
function setup(owner: typeof MARIA | null, contacts: readonly Interaction[]) {
  const handlers = new Map<string, Handler>();
  const learned: unknown[] = [];
  bindFollowUp({
    interactions: {
      onEffect: (kind: string, handler: Handler) => void handlers.set(kind, handler),
      onChange: () => undefined,
      byProtocol: () => Promise.resolve(contacts),
    },
    protocols: {
      get: () => Promise.resolve({ customer: owner }),
      learn: (_company: string, _number: string, facts: { customer?: unknown }) => {
        learned.push(facts.customer);
        return Promise.resolve();
      },
    },
    customers: { get: () => Promise.resolve(null) },
    publisher: {},
  } as unknown as Parameters<typeof bindFollowUp>[0]);
  return { learned, told: (one: Interaction) => handlers.get('protocol.customer')?.({}, one) };
}

describe('whose demand a protocol is', () => {
  it('follows a choice that is changed in the same contact', async () => {
    const changed = contact('one', BRUNO);
    const { learned, told } = setup(MARIA, [changed]);
    await told(changed);
    expect(learned).toEqual([BRUNO]);
    const behind = setup(MARIA, [contact('one', MARIA, 'confirmed')]);
    await behind.told(changed);
    expect(behind.learned).toEqual([BRUNO]);
  });

  it('stays with the customer of another contact until the newcomer is confirmed', async () => {
    const stranger = contact('two', BRUNO);
    const { learned, told } = setup(MARIA, [contact('one', MARIA), stranger]);
    await told(stranger);
    expect(learned).toEqual([]);
    await told(contact('two', BRUNO, 'confirmed'));
    expect(learned).toEqual([BRUNO]);
  });

  it('stays with a confirmed customer whoever else is confirmed in a contact that joined it', async () => {
    const answer = contact('two', BRUNO, 'confirmed');
    const { learned, told } = setup(MARIA, [contact('one', MARIA, 'confirmed'), answer]);
    await told(answer);
    expect(learned).toEqual([]);
  });

  it('goes back to the other contact’s customer when a choice is undone', async () => {
    const { learned, told } = setup(BRUNO, [contact('one', MARIA), contact('two', null)]);
    await told(contact('two', null));
    expect(learned).toEqual([MARIA]);
  });
});
