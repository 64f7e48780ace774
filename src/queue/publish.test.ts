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
  const messages: { undelivered?: boolean }[] = [];
  const note = (line: string, { message }: { message?: { undelivered?: boolean } }): void => {
    told.push(line);
    if (message !== undefined) messages.push(message);
  };
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
    toUser: (_company: string, id: string, event: string, payload: object) =>
      note(`${event} to ${id}`, payload),
    toQueue: (_company: string, queue: string, event: string, payload: object) =>
      note(`${event} to queue ${queue}`, payload),
    toSupervisors: (_company: string, event: string, payload: object) =>
      note(`${event} to supervisors`, payload),
  };
  bindPublisher(contacts as never, operators as never, publisher as never, () => ({}) as never);
  return {
    told,
    messages,
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
  it('in a closed contact is told as a message that says so, to those who have it in their list', () => {
    const { told, messages, hear } = rig();
    const refused = {
      author: { kind: 'agent' },
      status: 'failed',
      to: [],
      attachments: [],
      at: AT,
      undelivered: true,
    } as unknown as Message;
    const closed = { name: 'closed', closedAt: AT, cause: null } as const;
    hear(refused, { ...of('suporte', 'bia'), state: closed });
    expect(told.splice(0)).toEqual(['message to queue suporte', 'message to bia']);
    hear(refused, { ...of(null, 'ana'), state: closed });
    expect(told).toEqual(['message to supervisors', 'message to ana']);
    expect(new Set(messages.map(({ undelivered }) => undelivered))).toEqual(new Set([true]));
  });
});
