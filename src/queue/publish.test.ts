import { describe, expect, it } from 'vitest';
import { availableAgent } from '../../tests/support/available-agent.ts';
import { arrivingContact } from '../../tests/support/arriving.ts';
import type { Interaction, Message } from '../interactions/index.ts';
import { bindPublisher } from './publish.ts';

type Hear = (message: Message, interaction: Interaction) => void;
type Tell = (interaction: Interaction, event: null, before?: Interaction) => void;

function rig() {
  let tell: Tell = () => undefined;
  let hear: Hear = () => undefined;
  const told: string[] = [];
  const named: unknown[] = [];
  const contacts = {
    onChange: (listener: Tell) => (tell = listener),
    onMessage: (listener: Hear) => (hear = listener),
    onEffect: () => undefined,
  };
  const people = {
    ana: availableAgent(new Date(0)),
    bia: availableAgent(new Date(0), { queues: ['financeiro'] }),
  };
  const operators = {
    get: (_company: string, id: keyof typeof people) => people[id],
    onChange: () => undefined,
  };
  const publisher = {
    toUser: (_company: string, id: string, event: string, payload: { contact?: unknown }) => {
      told.push(`${event} to ${id}`);
      named.push(payload.contact);
    },
    toQueue: (_company: string, queue: string, name: string) => told.push(`${name} to queue ${queue}`),
    toSupervisors: (_company: string, name: string) => told.push(`${name} to supervisors`),
  };
  bindPublisher(contacts as never, operators as never, publisher as never, () => ({}) as never);
  return {
    told,
    named,
    people,
    tell: (now: Interaction, before?: Interaction) => tell(now, null, before),
    hear: (message: Message, interaction: Interaction) => hear(message, interaction),
  };
}

const AT = new Date(0);
const of = (queue: string | null, agent: string | null): Interaction =>
  arrivingContact(AT, { queue, agent: agent === null ? null : ({ id: agent, name: agent } as never) });

describe('a change of a contact', () => {
  it('is told to its queue, and to who has it in hand though not of the queue', () => {
    const { told, tell } = rig();
    tell(of('suporte', 'ana'));
    expect(told.splice(0)).toEqual(['interaction to queue suporte']);
    tell(of('suporte', 'bia'));
    expect(told).toEqual(['interaction to queue suporte', 'interaction to bia']);
  });

  it('is told to who had it in hand, too', () => {
    const { told, tell } = rig();
    tell(of('suporte', null), of('suporte', 'bia'));
    expect(told.splice(0)).toEqual(['interaction to queue suporte', 'interaction to bia']);
    tell(of('financeiro', null), of('suporte', 'ana'));
    expect(told.splice(0)).toEqual(['interaction to queue financeiro', 'interaction to ana']);
    tell(of(null, 'ana'), of(null, 'ana'));
    expect(told).toEqual(['interaction to supervisors', 'interaction to ana']);
  });
});

describe('a reply that was refused for good', () => {
  const refused = (undelivered: boolean) =>
    ({
      author: { kind: 'agent' },
      status: 'failed',
      to: [],
      attachments: [],
      at: AT,
      undelivered,
    }) as unknown as Message;
  const ended = (queue: string | null, agent: string): Interaction => ({
    ...of(queue, agent),
    state: { name: 'closed', closedAt: AT, cause: null },
  });

  it('in a closed contact is told to its last operator, or to the queue where that one has no desk open', () => {
    const { told, hear, people } = rig();
    const alerts = (message: Message, contact: Interaction) => {
      hear(message, contact);
      return told.splice(0).filter((line) => line.startsWith('alert'));
    };
    expect(alerts(refused(true), ended('suporte', 'ana'))).toEqual(['alert to ana']);
    expect(alerts(refused(false), ended('suporte', 'ana'))).toEqual([]);
    const here = people.ana;
    for (const away of [{ desk: false }, { lostAt: AT }]) {
      people.ana = { ...here, ...away };
      expect(alerts(refused(true), ended('suporte', 'ana'))).toEqual(['alert to queue suporte']);
      expect(alerts(refused(true), ended(null, 'ana'))).toEqual(['alert to supervisors']);
    }
  });

  it('names the contact by its customer, else by the name or the address that it came with', () => {
    const { named, hear } = rig();
    const one = ended('suporte', 'ana');
    const contact = { ...one.contact, name: 'Maria L', address: 'maria@cliente.test' };
    const customer = { id: 'c1', name: 'Maria Lima' } as unknown as Interaction['customer'];
    const { name: _none, ...nameless } = contact;
    const said = (part: Partial<Interaction>) => {
      named.length = 0;
      hear(refused(true), { ...one, customer: null, ...part });
      return named.at(-1);
    };
    const { id, protocol } = one;
    expect(said({ contact, customer })).toEqual({ id, protocol, name: 'Maria Lima' });
    expect(said({ contact })).toEqual({ id, protocol, name: 'Maria L' });
    expect(said({ contact: nameless })).toEqual({ id, protocol, name: 'maria@cliente.test' });
  });
});
