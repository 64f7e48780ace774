import type { Clock } from '../shared/clock.ts';
import type { AgentId, CompanyId, CustomerId, InteractionId, ProtocolNumber } from '../shared/ids.ts';
import { createIds } from '../shared/ids-factory.ts';
import type { Random } from '../shared/random.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { createSerial, type Serial } from '../shared/serial.ts';
import type { Logger } from '../platform/log/index.ts';
import type { TimelineEntry } from '../contracts/interaction.ts';
import { transition } from './domain/transition.ts';
import type { EffectKind, InteractionEvent, TransitionError } from './domain/events.ts';
import type { Actor, Channel, Identity, Interaction, StateName } from './domain/types.ts';
import { createKnown, type Known, type KnownContact } from './known.ts';
import { createMessages } from './messages.ts';
import { createOpen } from './open.ts';
import type { Message, MessageInput, ProtocolDesk } from './ports.ts';
import { createRelay, type EffectHandler } from './relay.ts';
import type { ListFilter, MessageFilter, MessagePage, Stays, StaysTurn } from './filters.ts';
import type { InteractionStore, OutboxEntry } from './store.ts';
import { createTimeline } from './timeline.ts';

export interface OpenCommand {
  readonly companyId: CompanyId;
  readonly channel: Channel;
  readonly direction: 'inbound' | 'outbound';
  readonly contact: { readonly address: string; readonly name?: string };
  readonly idempotencyKey: string;
  readonly customer?: { readonly id: CustomerId; readonly name: string } | null;
  readonly identity: Identity;
  /** The same thread belongs to the same protocol, and to the same contact while that one is not over. */
  readonly thread?: string;
  /** A protocol number that the customer wrote or typed. */
  readonly protocolHint?: string;
  readonly subject?: string;
  /** Our side: DID, mailbox, account. */
  readonly to?: string;
  /** Where it will go, if known already: the ombudsman's numbers have a range of their own. */
  readonly queue?: string;
}

export interface Undelivered {
  readonly message: Message;
  readonly contact: Interaction;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Default newest first. */
  readonly order?: 'newest' | 'oldest' | undefined;
}

export interface Opened {
  readonly interaction: Interaction;
  /** The protocol existed before. */
  readonly joined: boolean;
  /** This very event was seen before. */
  readonly duplicate: boolean;
  /** Text: the conversation of this thread was still open and goes on. */
  readonly continued: boolean;
}

export interface Interactions {
  /** Idempotent on (company, idempotencyKey). The contact and its protocol number are stored when it resolves. */
  open(command: OpenCommand): Promise<Opened>;
  get(companyId: CompanyId, id: InteractionId): Promise<Interaction | null>;
  list(
    companyId: CompanyId,
    filter: ListFilter,
    page: PageRequest,
  ): Promise<{ readonly items: readonly Interaction[]; readonly nextCursor: string | null }>;
  byProtocol(companyId: CompanyId, protocol: ProtocolNumber): Promise<readonly Interaction[]>;
  inStates(states: readonly StateName[], channel?: Channel): Promise<readonly Interaction[]>;
  /** Contacts with a stay in a queue that began at or after this instant, so many a turn, in the order of their last stay. */
  staysSince(companyId: CompanyId, from: Date, turn: StaysTurn): Promise<readonly Stays[]>;
  /** Journal and messages of this contact and of all others under its protocol, oldest first. */
  timeline(companyId: CompanyId, id: InteractionId): Promise<readonly TimelineEntry[]>;
  protocolTimeline(companyId: CompanyId, protocol: ProtocolNumber): Promise<readonly TimelineEntry[]>;
  /** The one way to change a state: load, pure transition, compare-and-set, and the relay runs the effects. */
  apply(
    companyId: CompanyId,
    id: InteractionId,
    event: InteractionEvent,
    /**
     * Another write that this change stands on and that goes before it in the same store: nobody hears of the change, and
     * none of its effects runs, before this says true. False: offer.expired, and the caller takes the change back.
     */
    backed?: Promise<boolean>,
  ): Promise<Result<Interaction, TransitionError>>;
  /** A line of the journal that changes no state. */
  record(
    companyId: CompanyId,
    id: InteractionId,
    entry: {
      readonly kind: string;
      readonly actor: Actor;
      readonly data: Readonly<Record<string, unknown>>;
      /** The contact has one line of this key, however often it is told. */
      readonly key?: string;
    },
  ): Promise<void>;
  identify(
    companyId: CompanyId,
    id: InteractionId,
    who: {
      readonly customer: { readonly id: CustomerId; readonly name: string } | null;
      readonly identity: Identity;
      /** Owner of the portfolio, preferred for a limited time. */
      readonly preferredAgent?: AgentId;
    },
  ): Promise<void>;
  /** Idempotent on (company, idempotencyKey). Inbound text wakes the conversation; outbound is sent by the channel. */
  addMessage(
    companyId: CompanyId,
    id: InteractionId,
    message: MessageInput,
    options: { readonly idempotencyKey: string },
  ): Promise<Message>;
  /** Out of order and repeated callbacks are normal: a status only moves forward. null: unknown or nothing changed. */
  updateMessageStatus(
    companyId: CompanyId,
    messageId: string,
    patch: { readonly status: Message['status']; readonly externalId?: string; readonly error?: string },
  ): Promise<Message | null>;
  messages(companyId: CompanyId, filter: MessageFilter, page?: MessagePage): Promise<readonly Message[]>;
  /**
   * Replies that failed when their contact was over, newest first; they stand until somebody puts them aside or sends them
   * again. `within`: words of `reachOf`; absent: all of the company.
   */
  undelivered(
    companyId: CompanyId,
    page: PageRequest & { readonly within?: readonly string[] | undefined },
  ): Promise<{ readonly items: readonly Undelivered[]; readonly nextCursor: string | null }>;
  /** Somebody knows of the undelivered reply. null: it stood there no more. */
  acknowledge(companyId: CompanyId, messageId: string): Promise<Message | null>;
  /** At least once, in the order of the contact's versions; a handler that throws is tried again. */
  onEffect<K extends EffectKind>(kind: K, handler: EffectHandler<K>): void;
  /**
   * The same as `onChange`, before the effects of the change begin: an index by which effects are decided (who gets an
   * operator that this very change sets free) must know of it first.
   */
  onCommit(listener: (interaction: Interaction, event: InteractionEvent | null) => void): void;
  /** Every committed change in this process, in the order of versions; must not throw. `before` is missing at the opening. */
  onChange(
    listener: (interaction: Interaction, event: InteractionEvent | null, before?: Interaction) => void,
  ): void;
  onMessage(listener: (message: Message, interaction: Interaction) => void): void;
  /** Carries out what an earlier process decided and did not finish. */
  start(): Promise<void>;
  /** Resolves when no relay is running. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface InteractionsDeps {
  readonly store: InteractionStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly protocols: ProtocolDesk;
}

/** What the use cases of this room share. */
export interface Room extends InteractionsDeps {
  readonly ids: () => string;
  readonly serial: Serial;
  readonly known: Known;
  /** A committed change: listeners, then the relay. */
  committed(
    interaction: Interaction,
    event: InteractionEvent | null,
    outbox: readonly OutboxEntry[],
    before?: Interaction,
  ): void;
  apply: Interactions['apply'];
}

const MAX_CONFLICTS = 50;

export function createInteractions(deps: InteractionsDeps): Interactions {
  const { store, clock } = deps;
  const known = createKnown();
  const relay = createRelay({ ...deps, known });
  const listeners: Parameters<Interactions['onChange']>[0][] = [];
  const indexes: Parameters<Interactions['onCommit']>[0][] = [];
  const room: Room = {
    ...deps,
    ids: createIds(clock, deps.random),
    serial: createSerial(),
    known,
    committed(interaction, event, outbox, before) {
      known.put(interaction, outbox);
      for (const index of indexes) index(interaction, event);
      // Then the effects: whoever is to be rung does not wait for the boards.
      relay.carry({ interaction, outbox });
      for (const listener of listeners) listener(interaction, event, before);
    },
    apply: (companyId, id, event, backed) =>
      room.serial.run(id, () => change(room, companyId, id, event, backed)),
  };
  const { listFailed, recover: resendUnsent, ...messages } = createMessages(room);
  relay.onEffect('contact.closed', (_effect, contact) => listFailed(contact));
  const timeline = createTimeline(store);
  return {
    open: createOpen(room),
    get: async (companyId, id) => (await store.load(companyId, id))?.interaction ?? null,
    list: (companyId, filter, page) => list(store, companyId, filter, page),
    byProtocol: (companyId, protocol) => store.byProtocol(companyId, protocol),
    inStates: (states, channel) => store.inStates(states, channel),
    staysSince: (companyId, from, turn) => store.staysSince(companyId, from, turn),
    ...timeline,
    apply: room.apply,
    async record(companyId, id, { key, ...entry }) {
      const stored = await store.load(companyId, id);
      if (stored === null) return;
      const { protocol } = stored.interaction;
      const at = new Date(clock.now());
      await store.insertJournal([
        {
          id: `${id}:r${key ?? room.ids()}`,
          companyId,
          interactionId: id,
          protocol,
          at,
          ...entry,
        },
      ]);
    },
    async identify(companyId, id, who) {
      await room.apply(companyId, id, { type: 'identified', ...who });
    },
    ...messages,
    onEffect: (kind, handler) => relay.onEffect(kind, handler),
    onCommit: (listener) => void indexes.push(listener),
    onChange: (listener) => void listeners.push(listener),
    async start() {
      await relay.recover();
      await resendUnsent();
    },
    async idle() {
      await room.serial.idle();
      await relay.idle();
    },
    async stop() {
      await room.serial.idle();
      relay.stop();
      await relay.idle();
    },
  };
}

async function change(
  room: Room,
  companyId: CompanyId,
  id: InteractionId,
  event: InteractionEvent,
  backed?: Promise<boolean>,
): Promise<Result<Interaction, TransitionError>> {
  let known = room.known.get(companyId, id);
  for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
    const stored = known ?? (await room.store.load(companyId, id));
    if (stored === null) return err({ code: 'interaction.notFound', event: event.type });
    const at = new Date(room.clock.now());
    const outcome = transition(stored.interaction, event, at);
    if (!outcome.ok || outcome.value.line === null) {
      if (known === undefined) return outcome.ok ? ok(stored.interaction) : outcome;
      known = undefined;
      continue;
    }
    known = undefined;
    const { next, line, effects, unlogged } = outcome.value;
    const entry: OutboxEntry = {
      version: next.version,
      at,
      line,
      effects: effects.map((effect, index) => ({ index, effect })),
      ...(unlogged === true ? { journaled: true } : {}),
    };
    if (await room.store.replace(stored.interaction.version, next, entry)) {
      // Asked before the wait: what the relay settles meanwhile belongs to the version before.
      const outbox = [...outboxAfter(room, stored), entry];
      if (backed !== undefined && !(await backed)) {
        room.known.put(next, outbox);
        return err({ code: 'offer.expired', state: next.state.name, event: event.type });
      }
      room.committed(next, event, outbox, stored.interaction);
      return ok(next);
    }
  }
  return err({ code: 'interaction.conflict', event: event.type });
}

/** What the outbox held when the next version was written: the relay may have carried some of it out meanwhile. */
function outboxAfter(room: Room, { interaction, outbox }: KnownContact): readonly OutboxEntry[] {
  const known = room.known.get(interaction.companyId, interaction.id);
  return known?.interaction.version === interaction.version ? known.outbox : outbox;
}

async function list(
  store: InteractionStore,
  companyId: CompanyId,
  filter: ListFilter,
  page: PageRequest,
): Promise<{ items: readonly Interaction[]; nextCursor: string | null }> {
  const found = await store.list(companyId, filter, {
    limit: page.limit + 1,
    order: page.order ?? 'newest',
    ...(page.cursor === undefined ? {} : { after: page.cursor }),
  });
  const items = found.slice(0, page.limit);
  return { items, nextCursor: found.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}
