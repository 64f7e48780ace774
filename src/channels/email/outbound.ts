import type { Interaction, Message } from '../../interactions/index.ts';
import { AppError } from '../../shared/errors.ts';
import { acknowledge, type Knows } from './acknowledge.ts';
import { MAX_OTHERS } from './domain/people.ts';
import { withQuote } from './domain/quote.ts';
import { GIVE_UP_MS } from './domain/retry.ts';
import { canonicalAddress, replySubject, withoutRootDot } from './domain/threads.ts';
import { acknowledgementSubject } from './domain/words.ts';
import { sendNotice } from './notices.ts';
import { compose, post, type OutboundDeps, type Sending } from './posting.ts';
import { createSending } from './sending.ts';
import type { Mailbox, MailRecord, OutboxMail } from './store.ts';

export interface Outbound {
  /** The automatic acknowledgement of a contact that a person opened; once per contact, a few an hour per sender. */
  acknowledge(interaction: Interaction, mailbox: Mailbox, sender: { readonly knows: Knows }): Promise<void>;
  /** Effect message.send of a mail contact: idempotent by message. */
  sendMessage(interaction: Interaction, messageId: string): Promise<void>;
  /**
   * A person sends again what failed, or does not want to wait for the next attempt.
   * Errors: message.notFound 404, message.notFailed 409.
   */
  sendAgain(interaction: Interaction, messageId: string): Promise<Message>;
  /** The protocol, in writing, to somebody who did not write to us. Call it as often as you like: one mail per contact and address. */
  notice(interaction: Interaction): Promise<void>;
  /** After a start: what waits for the relay is tried at once. */
  recover(): Promise<void>;
}

export function createOutbound(deps: OutboundDeps): Outbound {
  const sending = createSending(deps);
  return {
    acknowledge: (interaction, mailbox, { knows }) => acknowledge(deps, interaction, mailbox, knows),
    sendMessage: (interaction, messageId) => sendMessage(deps, sending, interaction, messageId),
    sendAgain: (interaction, messageId) => sendAgain(deps, sending, interaction, messageId),
    notice: (interaction) => sendNotice(deps, sending, interaction),
    recover: () => sending.recover(),
  };
}

async function sendMessage(
  deps: OutboundDeps,
  sending: Sending,
  interaction: Interaction,
  messageId: string,
): Promise<void> {
  const { interactions } = deps;
  const { companyId, protocol } = interaction;
  const [message] = await interactions.messages(companyId, { id: messageId });
  if (message === undefined || message.status !== 'queued') return;
  const mailbox = await ourSide(deps, interaction);
  if (mailbox === undefined) {
    await interactions.updateMessageStatus(companyId, messageId, {
      status: 'failed',
      error: 'mailbox.missing',
    });
    return;
  }
  const automatic = message.author.kind === 'automatic';
  const thread = interaction.thread?.replace(/^email:/, '');
  const last = thread === undefined ? undefined : await deps.store.lastOfThread(companyId, thread, 'inbound');
  const mail = compose(deps, {
    key: `message:${messageId}`,
    kind: automatic ? 'acknowledgement' : 'reply',
    mailbox,
    companyId,
    protocol,
    to: interaction.contact.address,
    ...(automatic ? {} : { toName: await nameOf(deps, interaction), cc: await copies(deps, message) }),
    subject: automatic
      ? (message.subject ?? acknowledgementSubject(protocol))
      : replySubject(interaction.subject ?? '', protocol),
    text: automatic ? message.text : await answerText(deps, interaction, message, mailbox),
    ...answering(last),
    automatic,
    attachments: message.attachments.map((a) => a.id),
    interactionId: interaction.id,
    messageRef: messageId,
  });
  await post(deps, sending, mail, { thread, outsider: last?.outsider === true });
}

/**
 * As the mail named its writer, else as we know the customer whose address it is. Whom an operator only supposes behind another
 * address is not named to it.
 */
async function nameOf(
  { customerByEmail }: OutboundDeps,
  { companyId, contact, customer, identity }: Interaction,
): Promise<string | null> {
  if ((contact.name ?? '') !== '' || customer === null) return contact.name ?? null;
  if (identity === 'confirmed') return customer.name;
  const known = await customerByEmail(companyId, contact.address).catch(() => null);
  return known?.id === customer.id ? customer.name : null;
}

/** Who gets a copy: never ourselves, and nobody twice. */
async function copies({ mailboxes }: OutboundDeps, { companyId, cc = [], to }: Message): Promise<string[]> {
  const ours = await mailboxes.ours(companyId);
  const wanted = cc.map((address) => withoutRootDot(address.trim().toLowerCase()));
  return [...new Set(wanted)]
    .filter((address) => !ours.has(canonicalAddress(address)) && !to.includes(address))
    .slice(0, MAX_OTHERS);
}

/** What the operator wrote, who signs, and below it the words that it answers. */
async function answerText(
  deps: OutboundDeps,
  { companyId, id, protocol }: Interaction,
  message: Message,
  mailbox: Mailbox,
): Promise<string> {
  const [last] = await deps.interactions.messages(
    companyId,
    { interactionIds: [id], direction: 'inbound', until: message.at },
    { order: 'newest', limit: 1 },
  );
  const quoted =
    last === undefined
      ? undefined
      : { text: last.text, at: last.at, name: last.author.name, address: last.from };
  return withQuote(signed(message.text, mailbox, protocol), quoted, deps.timeZone(companyId));
}

async function sendAgain(
  deps: OutboundDeps,
  sending: Sending,
  { companyId, id }: Interaction,
  messageId: string,
): Promise<Message> {
  const { interactions, store } = deps;
  const [message] = await interactions.messages(companyId, { id: messageId });
  if (message === undefined || message.interactionId !== id || message.direction !== 'outbound')
    throw new AppError('message.notFound', 404, 'There is no such message in this contact.');
  const waits = message.status === 'queued' && (message.error ?? '') !== '';
  const [mail] = await store.outbox({ companyId, key: `message:${messageId}` }, 1);
  if (message.status !== 'failed' && !waits)
    throw new AppError('message.notFailed', 409, 'Only a message that failed or waits is sent again.');
  const queued = await interactions.updateMessageStatus(companyId, messageId, {
    status: 'queued',
    error: '',
  });
  if (message.author.kind === 'agent' && (await isLastWord(deps, message)))
    await interactions.apply(companyId, id, { type: 'replied' });
  // It never came as far as the outbox (there was no mailbox): the effect runs once more.
  if (mail === undefined) {
    const interaction = await interactions.get(companyId, id);
    if (interaction !== null) await sendMessage(deps, sending, interaction, messageId);
  } else {
    const fresh = {
      status: 'queued',
      error: null,
      tries: 0,
      giveUpAt: new Date(deps.clock.now() + GIVE_UP_MS),
      // It went out and came back: who got a copy has it.
      pending: mail.status === 'sent' ? [mail.to] : [...(mail.pending ?? [mail.to])],
    } as const;
    await store.updateOutbox(mail.id, fresh);
    await sending.plan({ ...mail, ...fresh }, 0);
  }
  return queued ?? message;
}

/** The customer wrote nothing after it: sent again, it gives them the turn again. */
async function isLastWord(
  { interactions }: OutboundDeps,
  { companyId, ...message }: Message,
): Promise<boolean> {
  const [last] = await interactions.messages(
    companyId,
    { interactionIds: [message.interactionId], direction: 'inbound' },
    { order: 'newest', limit: 1 },
  );
  return last === undefined || last.at <= message.at;
}

/** The mailbox that was written to, else the company's first. */
async function ourSide(
  { mailboxes }: OutboundDeps,
  { to, companyId }: Interaction,
): Promise<Mailbox | undefined> {
  const own = to === null ? undefined : await mailboxes.find(to);
  return own ?? mailboxes.first(companyId);
}

/** RFC 5322 §3.6.4: the last mail of the other side, and the ids of its ancestors. */
function answering(last: MailRecord | undefined): Pick<OutboxMail, 'inReplyTo' | 'references'> {
  if (last?.messageId == null) return { inReplyTo: null, references: [] };
  return { inReplyTo: last.messageId, references: [...last.references, last.messageId].slice(-20) };
}

const signed = (text: string, mailbox: Mailbox, protocol: string) =>
  `${text.trimEnd()}\n\n-- \n${mailbox.name === '' ? '' : `${mailbox.name}\n`}Protocolo ${protocol}`;
