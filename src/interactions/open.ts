import { isWithheld } from '../shared/withheld.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId, ProtocolNumber } from '../shared/ids.ts';
import type { Interaction } from './domain/types.ts';
import type { OpenCommand, Opened, Room } from './interactions.ts';
import type { OutboxEntry } from './store.ts';

/** How long the last operator of a contact stays the preferred one. */
const PREFERRED_FOR_MS = 7 * 24 * 3_600_000;

/** First act of any contact: it is stored, with its protocol number, before anybody says a word (RGC art. 9). */
export function createOpen(room: Room): (command: OpenCommand) => Promise<Opened> {
  // Same thread, same turn: two mails of one conversation must not open it twice in one process; across processes the
  // unique index on the open thread decides.
  return (command) =>
    room.serial.run(`open:${command.companyId}:${command.thread ?? command.idempotencyKey}`, () =>
      open(room, command),
    );
}

async function open(room: Room, command: OpenCommand): Promise<Opened> {
  const { store } = room;
  const { companyId, idempotencyKey } = command;
  const thread = command.thread === undefined ? null : `${command.channel}:${command.thread}`;
  const known = await seenBefore(room, command, thread);
  if (known !== null) return known;
  const threadProtocol = await protocolOfThread(room, companyId, thread);
  const protocol = await room.protocols.joinOrOpen({
    companyId,
    openKey: idempotencyKey,
    customer: command.customer ?? null,
    ...(command.queue === undefined ? {} : { queue: command.queue }),
    ...(command.protocolHint === undefined ? {} : { hint: command.protocolHint }),
    ...(threadProtocol === undefined ? {} : { threadProtocol }),
    ...(command.subject === undefined ? {} : { subject: command.subject }),
    ...(command.channel === 'email' || isWithheld(command.contact.address)
      ? {}
      : { phone: command.contact.address }),
  });
  const preferredAgent = await lastOperator(room, companyId, command.contact.address);
  const interaction = arriving(room, command, { thread, preferredAgent, ...protocol });
  const entry = firstEntry(interaction, command, protocol.joined);
  if ((await store.insert({ interaction, idempotencyKey, outbox: [entry] })) === 'duplicate') {
    const winner = await seenBefore(room, command, thread);
    if (winner !== null) return winner;
    throw new AppError('interaction.conflict', 409, 'The contact could not be stored.');
  }
  room.committed(interaction, null, [entry]);
  return { interaction, joined: protocol.joined, duplicate: false, continued: false };
}

async function seenBefore(
  room: Room,
  { companyId, idempotencyKey }: OpenCommand,
  thread: string | null,
): Promise<Opened | null> {
  const { store } = room;
  // Asked together: the store answers them in one turn.
  const [opened, [message], ongoing] = await Promise.all([
    store.byKey(companyId, idempotencyKey),
    store.messages(companyId, { idempotencyKey }),
    thread === null ? null : store.byOpenThread(companyId, thread),
  ]);
  if (opened !== null) return { interaction: opened, joined: true, duplicate: true, continued: false };
  // A later message of a conversation opened nothing: its own key stands on the message.
  const carrier = message === undefined ? null : await store.load(companyId, message.interactionId);
  if (carrier !== null)
    return { interaction: carrier.interaction, joined: true, duplicate: true, continued: false };
  return ongoing === null ? null : { interaction: ongoing, joined: true, duplicate: false, continued: true };
}

async function protocolOfThread(
  room: Room,
  companyId: CompanyId,
  thread: string | null,
): Promise<ProtocolNumber | undefined> {
  if (thread === null) return undefined;
  return (await room.store.lastOfThread(companyId, thread))?.protocol;
}

async function lastOperator(room: Room, companyId: CompanyId, address: string): Promise<AgentId | null> {
  // All who hide their number have the same one.
  if (isWithheld(address)) return null;
  const last = await room.store.lastServed(companyId, address);
  if (last?.agent == null) return null;
  const ageMs = room.clock.now() - last.timestamps.arrivedAt.getTime();
  return ageMs <= PREFERRED_FOR_MS ? last.agent.id : null;
}

function arriving(
  room: Room,
  command: OpenCommand,
  given: {
    readonly thread: string | null;
    readonly preferredAgent: AgentId | null;
    readonly number: ProtocolNumber;
    readonly type: Interaction['protocolType'];
  },
): Interaction {
  const arrivedAt = new Date(room.clock.now());
  return {
    id: room.ids() as InteractionId,
    companyId: command.companyId,
    version: 1,
    channel: command.channel,
    direction: command.direction,
    contact: command.contact,
    to: command.to ?? null,
    subject: command.subject ?? null,
    thread: given.thread,
    customer: command.customer ?? null,
    identity: command.identity,
    protocol: given.number,
    protocolType: given.type,
    preferredAgent: given.preferredAgent,
    state: { name: 'arriving' },
    queue: command.queue ?? null,
    priority: 0,
    agent: null,
    segments: [],
    timestamps: { arrivedAt, queuedAt: null, offeredAt: null, acceptedAt: null, closedAt: null },
    disposition: null,
    recording: false,
    holdMs: 0,
    heldSince: null,
    voided: [],
  };
}

function firstEntry(interaction: Interaction, command: OpenCommand, joined: boolean): OutboxEntry {
  return {
    version: interaction.version,
    at: interaction.timestamps.arrivedAt,
    line: {
      kind: 'opened',
      actor: command.direction === 'inbound' ? { kind: 'customer' } : { kind: 'system' },
      data: { channel: interaction.channel, protocol: interaction.protocol, joined },
    },
    effects: [{ index: 0, effect: { kind: 'protocol.opened', joined } }],
  };
}
