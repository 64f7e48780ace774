import { createHash } from 'node:crypto';
import type { Interaction, Interactions } from '../../interactions/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { CompanyId, InteractionId } from '../../shared/ids.ts';
import type { Attachments } from './attachments.ts';
import { canonicalAddress, replySubject } from './domain/threads.ts';
import {
  acknowledgementSubject,
  DEFAULT_ACKNOWLEDGEMENT,
  fillText,
  localDate,
  noticeSubject,
  noticeText,
  STRANGER_ACKNOWLEDGEMENT,
} from './domain/words.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { EmailOfCustomer, MailJobs, ProtocolFacts, TimeZoneOf } from './ports.ts';
import type { Relay } from './relay.ts';
import type { Mailbox, MailStore, OutboxMail } from './store.ts';

export interface OutboundDeps {
  readonly store: MailStore;
  readonly mailboxes: Mailboxes;
  readonly attachments: Attachments;
  readonly interactions: Interactions;
  readonly jobs: MailJobs;
  /** undefined: no SMTP_URL; mails stay in the outbox, where the simulator shows them. */
  readonly relay: Relay | undefined;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly timeZone: TimeZoneOf;
  readonly emailOf: EmailOfCustomer;
  readonly protocolFacts: ProtocolFacts;
}

export interface Outbound {
  /** The automatic acknowledgement of a contact that a person opened; once per contact, a few an hour per sender. */
  acknowledge(
    interaction: Interaction,
    mailbox: Mailbox,
    /** stranger: wrote a number that is not known to be theirs, so they learn nothing about it. */
    sender?: { readonly stranger: boolean },
  ): Promise<void>;
  /** Effect message.send of a mail contact: idempotent by message. */
  sendMessage(interaction: Interaction, messageId: string): Promise<void>;
  /** The protocol, in writing, to somebody who did not write to us. Call it as often as you like: one mail per contact and address. */
  notice(interaction: Interaction): Promise<void>;
}

export const SEND_JOB = 'email.send';
const ATTEMPTS = 8;
const BACKOFF_MS = 30_000;
/** Two autoresponders without any headers: after this many acknowledgements an hour to one address we fall silent. */
const ACKS_PER_HOUR = 5;
/** A caller's number proves nothing: whoever dials with somebody's number must not fill that person's mailbox. */
const NOTICES_PER_HOUR = 5;

export function createOutbound(deps: OutboundDeps): Outbound {
  defineSending(deps);
  return {
    acknowledge: (interaction, mailbox, sender) =>
      acknowledge(deps, interaction, mailbox, sender?.stranger ?? false),
    sendMessage: (interaction, messageId) => sendMessage(deps, interaction, messageId),
    notice: (interaction) => sendNotice(deps, interaction),
  };
}

async function acknowledge(
  deps: OutboundDeps,
  interaction: Interaction,
  mailbox: Mailbox,
  stranger: boolean,
): Promise<void> {
  if (!mailbox.acknowledge) return;
  const { companyId, id, protocol } = interaction;
  const to = interaction.contact.address;
  const since = new Date(deps.clock.now() - 3_600_000);
  const recent = await deps.store.countOutbox({ to, kind: 'acknowledgement', at: { $gte: since } });
  if (recent >= ACKS_PER_HOUR) {
    await deps.interactions.record(companyId, id, {
      kind: 'acknowledgement.withheld',
      actor: { kind: 'system' },
      data: { reason: 'rate' },
    });
    return;
  }
  // A later mail joins a number that is older than itself: the text says since when the number is open.
  const openedAt = (await deps.protocolFacts(companyId, protocol))?.openedAt;
  const date = localDate(openedAt ?? interaction.timestamps.arrivedAt, deps.timeZone(companyId));
  await deps.interactions.addMessage(
    companyId,
    id,
    {
      direction: 'outbound',
      author: { kind: 'automatic' },
      from: mailbox.address,
      to: [to],
      subject: acknowledgementSubject(protocol),
      text: stranger
        ? fillText(STRANGER_ACKNOWLEDGEMENT, protocol, '')
        : fillText(mailbox.acknowledgeText ?? DEFAULT_ACKNOWLEDGEMENT, protocol, date),
    },
    { idempotencyKey: `email:ack:${id}` },
  );
}

async function sendMessage(deps: OutboundDeps, interaction: Interaction, messageId: string): Promise<void> {
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
  const subject = automatic
    ? (message.subject ?? acknowledgementSubject(protocol))
    : replySubject(interaction.subject ?? '', protocol);
  const mail = compose(deps, {
    key: `message:${messageId}`,
    kind: automatic ? 'acknowledgement' : 'reply',
    mailbox,
    companyId,
    protocol,
    to: interaction.contact.address,
    subject,
    text: automatic ? message.text : signed(message.text, mailbox, protocol),
    ...(await answering(deps, companyId, thread)),
    automatic,
    attachments: message.attachments.map((a) => a.id),
    interactionId: interaction.id,
    messageRef: messageId,
  });
  await post(deps, mail, thread);
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
async function answering(
  { store }: OutboundDeps,
  companyId: string,
  thread: string | undefined,
): Promise<Pick<OutboxMail, 'inReplyTo' | 'references'>> {
  const last = thread === undefined ? undefined : await store.lastOfThread(companyId, thread, 'inbound');
  if (last?.messageId == null) return { inReplyTo: null, references: [] };
  return { inReplyTo: last.messageId, references: [...last.references, last.messageId].slice(-20) };
}

const signed = (text: string, mailbox: Mailbox, protocol: string) =>
  `${text.trimEnd()}\n\n-- \n${mailbox.name === '' ? '' : `${mailbox.name}\n`}Protocolo ${protocol}`;

type Draft = Omit<OutboxMail, 'id' | 'from' | 'mailbox' | 'messageId' | 'status' | 'error' | 'at'> & {
  readonly mailbox: Mailbox;
};

function compose({ newId, clock }: OutboundDeps, { mailbox, ...draft }: Draft): OutboxMail {
  // The Message-ID is made from the key: a mail that goes out twice after a crash is the same mail to the receiver.
  const hash = createHash('sha256').update(`${draft.companyId}\n${draft.key}`).digest('hex').slice(0, 32);
  return {
    ...draft,
    id: newId(),
    mailbox: mailbox.id,
    from: { address: mailbox.address, name: mailbox.name },
    messageId: `${hash}@${mailbox.address.split('@')[1] ?? 'localhost'}`,
    status: 'queued',
    error: null,
    at: new Date(clock.now()),
  };
}

/** Stores the decision to send, then sends. A second call with the same key finds the first one's mail. */
async function post(deps: OutboundDeps, draft: OutboxMail, thread: string | undefined): Promise<void> {
  const { store } = deps;
  const fresh = await store.insertOutbox(draft);
  const mail = fresh ? draft : (await store.outbox({ companyId: draft.companyId, key: draft.key }, 1))[0];
  if (mail === undefined) return;
  await store.insertMail({
    id: mail.id,
    companyId: mail.companyId,
    mailbox: mail.mailbox,
    direction: 'outbound',
    status: 'imported',
    dedupKey: `out:${mail.key}`,
    messageId: mail.messageId,
    references: mail.references,
    envelopeFrom: mail.automatic ? '' : mail.from.address,
    recipient: mail.to,
    file: null,
    sender: null,
    subject: mail.subject,
    subjectKey: null,
    origin: null,
    thread: thread ?? null,
    protocol: mail.protocol,
    interactionId: mail.interactionId,
    messageRef: mail.messageRef,
    at: mail.at,
  });
  if (mail.status !== 'queued') return settle(deps, mail, mail.status);
  if (deps.relay === undefined) return settle(deps, mail, 'stored');
  await deps.jobs.add(SEND_JOB, { id: mail.id }, { key: mail.id, attempts: ATTEMPTS, backoffMs: BACKOFF_MS });
}

/** Writes down what became of a mail: in the outbox, on the message, in the journal for notices. */
async function settle(
  { store, interactions }: OutboundDeps,
  mail: OutboxMail,
  status: 'sent' | 'stored' | 'failed',
  error?: string,
): Promise<void> {
  if (mail.status === 'queued')
    await store.updateOutbox(mail.id, { status, ...(error === undefined ? {} : { error }) });
  const companyId = mail.companyId as CompanyId;
  if (mail.messageRef !== null)
    await interactions.updateMessageStatus(companyId, mail.messageRef, {
      status: status === 'failed' ? 'failed' : 'sent',
      externalId: mail.messageId,
      ...(error === undefined ? {} : { error }),
    });
  if (mail.kind === 'notice' && mail.interactionId !== null && mail.status === 'queued')
    await interactions.record(companyId, mail.interactionId as InteractionId, {
      kind: status === 'failed' ? 'notice.failed' : 'notice.sent',
      actor: { kind: 'system' },
      data: { by: 'email', protocol: mail.protocol, status, ...(error === undefined ? {} : { error }) },
    });
}

function defineSending(deps: OutboundDeps): void {
  deps.jobs.define(SEND_JOB, async (payload, { attempt }) => {
    const id = typeof payload === 'object' && payload !== null && 'id' in payload ? String(payload.id) : '';
    const [mail] = await deps.store.outbox({ _id: id }, 1);
    if (mail === undefined || mail.status !== 'queued' || deps.relay === undefined) return;
    const files = await deps.attachments.sendable(mail.companyId, mail.attachments, mail.interactionId ?? '');
    const outcome = await deps.relay.send(mail, files);
    if (outcome.kind === 'sent') return settle(deps, mail, 'sent');
    if (outcome.kind === 'refused' || attempt >= ATTEMPTS)
      return settle(deps, mail, 'failed', outcome.reason);
    throw new Error(`the mail relay did not take the mail: ${outcome.reason}`);
  });
}

async function sendNotice(deps: OutboundDeps, interaction: Interaction): Promise<void> {
  const { companyId, protocol, customer, id } = interaction;
  const to = customer === null ? undefined : (await deps.emailOf(companyId, customer.id))?.toLowerCase();
  if (to === undefined) return;
  const mailbox = await deps.mailboxes.first(companyId);
  // An ERP may hold one of our own mailboxes as somebody's address: we do not write to ourselves.
  if (mailbox === undefined || (await deps.mailboxes.ours(companyId)).has(canonicalAddress(to))) return;
  const key = `notice:${id}:${to}`;
  const refusal = await noticeRefusal(deps, interaction, to, key);
  if (refusal === 'known') return;
  if (refusal === 'rate')
    return deps.interactions.record(companyId, id, {
      kind: 'notice.withheld',
      actor: { kind: 'system' },
      data: { by: 'email', protocol, reason: refusal },
    });
  const date = localDate(interaction.timestamps.arrivedAt, deps.timeZone(companyId));
  const mail = compose(deps, {
    key,
    kind: 'notice',
    mailbox,
    companyId,
    protocol,
    to,
    subject: noticeSubject(protocol),
    text: noticeText(protocol, date),
    inReplyTo: null,
    references: [],
    automatic: true,
    attachments: [],
    interactionId: id,
    messageRef: null,
  });
  await post(deps, mail, undefined);
}

/**
 * known: this address has the number in writing already, by an answer to its mail or from an earlier contact of the protocol.
 * rate: too many in one hour. Our own mail of this contact refuses nothing: an effect that runs again finishes what it began.
 */
async function noticeRefusal(
  { store, clock }: OutboundDeps,
  { companyId, protocol }: Interaction,
  to: string,
  key: string,
): Promise<'known' | 'rate' | undefined> {
  if ((await store.outbox({ companyId, key }, 1)).length > 0) return undefined;
  if ((await store.countOutbox({ companyId, to, protocol, status: { $ne: 'failed' } })) > 0) return 'known';
  const since = new Date(clock.now() - 3_600_000);
  const recent = await store.countOutbox({ companyId, to, kind: 'notice', at: { $gte: since } });
  return recent >= NOTICES_PER_HOUR ? 'rate' : undefined;
}
