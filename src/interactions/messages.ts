import { reachOf } from '../access/index.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId, InteractionId } from '../shared/ids.ts';
import { isEnd } from './domain/change.ts';
import type { Interaction } from './domain/types.ts';
import type { Interactions, Room } from './interactions.ts';
import type { Message, MessageInput } from './ports.ts';

/** A status only moves to the right: callbacks come repeated and out of order. */
const BEFORE: Readonly<Record<Message['status'], readonly Message['status'][]>> = {
  received: [],
  // Back to the queue by a person, who sends again what failed; in it, a mail that waits learns why.
  queued: ['queued', 'failed'],
  sent: ['queued'],
  delivered: ['queued', 'sent'],
  failed: ['queued', 'sent'],
};

type Door = Pick<
  Interactions,
  'addMessage' | 'updateMessageStatus' | 'messages' | 'onMessage' | 'undelivered' | 'acknowledge'
>;

interface Inner {
  /** What failed in a contact that is over now stands among the undelivered: no desk shows it any more. */
  readonly listFailed: (contact: Interaction) => Promise<void>;
  readonly recover: () => Promise<void>;
}

export function createMessages(room: Room): Door & Inner {
  const { store } = room;
  const listeners: Parameters<Interactions['onMessage']>[0][] = [];
  const tell = (message: Message, interaction: Interaction): void => {
    for (const listener of listeners) listener(message, interaction);
  };
  return {
    async addMessage(companyId, id, input, { idempotencyKey }) {
      // A message changes nothing of the contact, so what is known of it must be true here.
      const known = store.inOrder ? room.known.get(companyId, id) : undefined;
      const stored = known ?? (await store.load(companyId, id));
      if (stored === null) throw notFound();
      const message = build(room, stored.interaction, input, idempotencyKey);
      if ((await store.insertMessage(message)) === 'duplicate')
        return again(room, stored.interaction, firstOf(await store.messages(companyId, { idempotencyKey })));
      tell(message, stored.interaction);
      await follow(room, stored.interaction, message);
      return message;
    },
    async updateMessageStatus(companyId, messageId, patch) {
      const before = patch.status === 'failed' ? await overContact(room, companyId, messageId) : null;
      const reach = before === null ? undefined : reachOfContact(before);
      const written = await store.updateMessage(companyId, messageId, BEFORE[patch.status], patch, reach);
      if (written === null) return null;
      const contact = (await store.load(companyId, written.interactionId))?.interaction;
      // An automatic text gave nobody the word.
      const failedReply = patch.status === 'failed' && written.author.kind === 'agent';
      // Closed between the look and the write: what the closing looked for was not there yet.
      const missed = failedReply && reach === undefined && contact !== undefined && isOver(contact);
      const listed = missed
        ? await store.listUndelivered(companyId, messageId, reachOfContact(contact))
        : null;
      const message = listed ?? written;
      if (contact !== undefined) tell(message, contact);
      if (failedReply) await room.apply(companyId, message.interactionId, { type: 'replyFailed', messageId });
      return message;
    },
    async listFailed(contact) {
      for (const { id } of await failedReplies(store, contact)) {
        const message = await store.listUndelivered(contact.companyId, id, reachOfContact(contact));
        if (message !== null) tell(message, contact);
      }
    },
    messages: (companyId, filter, page) => store.messages(companyId, filter, page),
    async undelivered(companyId, { within, limit, cursor }) {
      const found = await store.undelivered(companyId, {
        limit: limit + 1,
        ...(within === undefined ? {} : { within }),
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      const shown = found.slice(0, limit);
      const contacts = await Promise.all(shown.map((one) => store.load(companyId, one.interactionId)));
      const items = shown.flatMap((message, index) => {
        const contact = contacts[index]?.interaction;
        return contact === undefined ? [] : [{ message, contact }];
      });
      return { items, nextCursor: found.length > limit ? (shown.at(-1)?.id ?? null) : null };
    },
    async acknowledge(companyId, messageId) {
      const message = await store.acknowledge(companyId, messageId);
      if (message === null) return null;
      const stored = await store.load(companyId, message.interactionId);
      if (stored !== null) tell(message, stored.interaction);
      return message;
    },
    onMessage: (listener) => void listeners.push(listener),
    /** A message that was stored and not handed to its channel when the process died goes out now. */
    async recover() {
      for (const message of await store.unsentMessages())
        await resend(room, message.companyId, message.interactionId, message.id);
    },
  };
}

/**
 * The contact of an operator's message when it is in nobody's work any more: what fails there must be listed, because no desk
 * shows it. An automatic text is nobody's word.
 */
async function overContact(
  { store }: Room,
  companyId: CompanyId,
  messageId: string,
): Promise<Interaction | null> {
  const [message] = await store.messages(companyId, { id: messageId });
  if (message?.author.kind !== 'agent') return null;
  const contact = (await store.load(companyId, message.interactionId))?.interaction;
  return contact !== undefined && isOver(contact) ? contact : null;
}

/** The wrap-up ends by itself, and then nobody has seen it. */
const isOver = ({ state }: Interaction): boolean => isEnd(state) || state.name === 'wrapUp';

const reachOfContact = ({ queue, agent }: Interaction): readonly string[] =>
  reachOf([{ queue, agentId: agent?.id ?? null }]);

/** The newest messages of a contact in which a failed reply is looked for. */
const MOST_LOOKED_AT = 200;

/** The operators' replies that failed, also those before one that went out: it may have been written before they failed. */
async function failedReplies(
  store: Room['store'],
  { companyId, id }: Interaction,
): Promise<readonly Message[]> {
  const newest = await store.messages(
    companyId,
    { interactionIds: [id], direction: 'outbound' },
    { order: 'newest', limit: MOST_LOOKED_AT },
  );
  return newest.filter(({ author, status }) => author.kind === 'agent' && status === 'failed');
}

const notFound = (): AppError => new AppError('interaction.notFound', 404, 'There is no such contact.');

function firstOf(messages: readonly Message[]): Message {
  const [first] = messages;
  if (first === undefined) throw new AppError('message.conflict', 409, 'The message could not be stored.');
  return first;
}

function build(room: Room, interaction: Interaction, input: MessageInput, idempotencyKey: string): Message {
  return {
    ...input,
    id: room.ids(),
    companyId: interaction.companyId,
    interactionId: interaction.id,
    idempotencyKey,
    channel: interaction.channel,
    protocol: interaction.protocol,
    status: input.status ?? (input.direction === 'inbound' ? 'received' : 'queued'),
    attachments: input.attachments ?? [],
    at: input.at ?? new Date(room.clock.now()),
  };
}

/**
 * Delivered twice. When the first delivery died before the conversation woke, the second one wakes it; when more was said
 * since, it is only an echo.
 */
async function again(room: Room, { companyId, id }: Interaction, message: Message): Promise<Message> {
  const [last] = await room.store.messages(
    companyId,
    { interactionIds: [id] },
    { order: 'newest', limit: 1 },
  );
  if (message.direction === 'inbound' && last?.id === message.id)
    await room.apply(companyId, id, { type: 'customerReplied', messageId: message.id });
  return message;
}

/** What a message does to the conversation: it wakes it, or it goes out and the customer has the word. */
async function follow(room: Room, { companyId, id }: Interaction, message: Message): Promise<void> {
  if (message.direction === 'inbound') {
    await room.apply(companyId, id, { type: 'customerReplied', messageId: message.id });
    return;
  }
  if (message.status !== 'queued') return;
  // An automatic text does not give the customer the word: the operator's turn stands.
  if (message.author.kind === 'agent') {
    await room.apply(companyId, id, { type: 'replied', messageId: message.id });
    return;
  }
  await resend(room, companyId, id, message.id);
}

async function resend(room: Room, companyId: CompanyId, id: InteractionId, messageId: string): Promise<void> {
  await room.apply(companyId, id, { type: 'messageQueued', messageId });
}
