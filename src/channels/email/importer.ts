import type { Interaction, Interactions } from '../../interactions/index.ts';
import type { Logger } from '../../platform/log/index.ts';
import type { Clock, Timer } from '../../shared/clock.ts';
import type { CompanyId, InteractionId } from '../../shared/ids.ts';
import { createSerial } from '../../shared/serial.ts';
import type { Attachments } from './attachments.ts';
import { originOf } from './domain/automatic.ts';
import {
  canonicalAddress,
  messageIds,
  subjectKey,
  tokenInAddress,
  tokenInSubject,
} from './domain/threads.ts';
import type { MailFiles } from './files.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Outbound } from './outbound.ts';
import { parseMail, type ParsedMail } from './parse.ts';
import type { CustomerByEmail, ProtocolFacts, QueueFor } from './ports.ts';
import type { Mailbox, MailRecord, MailStore } from './store.ts';

export interface ImporterDeps {
  readonly store: MailStore;
  readonly files: MailFiles;
  readonly mailboxes: Mailboxes;
  readonly attachments: Attachments;
  readonly outbound: Outbound;
  readonly interactions: Interactions;
  readonly customerByEmail: CustomerByEmail;
  readonly queueFor?: QueueFor;
  readonly protocolFacts: ProtocolFacts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Turns stored mails into contacts, one after another per company; what fails is tried again until it works. */
export interface Importer {
  kick(mail: MailRecord): void;
  /** After a start: what an earlier process accepted and did not import. */
  recover(): Promise<number>;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const RETRY_MS = 1000;
const RETRY_MAX_MS = 300_000;
/** Same sender, same subject: the same thread for this long. */
const SUBJECT_WINDOW_MS = 7 * 86_400_000;

export function createImporter(deps: ImporterDeps): Importer {
  const serial = createSerial();
  const retries = new Map<string, Timer>();
  let stopped = false;
  const run = (mail: MailRecord, delayMs: number): void => {
    if (stopped) return;
    void serial
      .run(mail.companyId, () => (stopped ? Promise.resolve() : importMail(deps, mail)))
      .catch((error: unknown) => {
        deps.logger.error({ error, mailId: mail.id }, 'mail import failed, will be tried again');
        retries.set(
          mail.id,
          deps.clock.after(delayMs, () => {
            retries.delete(mail.id);
            run(mail, Math.min(delayMs * 2, RETRY_MAX_MS));
          }),
        );
      });
  };
  return {
    kick: (mail) => run(mail, RETRY_MS),
    async recover() {
      const left = await deps.store.unimported();
      for (const mail of left) run(mail, RETRY_MS);
      return left.length;
    },
    idle: () => serial.idle(),
    async stop() {
      stopped = true;
      for (const timer of retries.values()) timer.cancel();
      retries.clear();
      await serial.idle();
    },
  };
}

/** One mail with everything that is known of it. */
interface Arrival {
  readonly mail: MailRecord;
  readonly parsed: ParsedMail;
  readonly mailbox: Mailbox;
  /** Canonical; of the From header, else of the envelope. */
  readonly sender: string;
  readonly facts: Partial<MailRecord>;
}

async function importMail(deps: ImporterDeps, given: MailRecord): Promise<void> {
  const mail = (await deps.store.mail(given.id)) ?? given;
  if (mail.status !== 'stored' || mail.file === null) return;
  const mailbox = await deps.mailboxes.byId(mail.companyId, mail.mailbox);
  if (mailbox === undefined) return deps.store.updateMail(mail.id, { status: 'setAside' });
  const parsed = await parseMail(deps.files.path(mail.file));
  const sender = parsed.from?.address ?? mail.envelopeFrom.toLowerCase();
  const origin = originOf({
    header: parsed.header,
    envelopeFrom: mail.envelopeFrom,
    from: canonicalAddress(sender),
    ours: await deps.mailboxes.ours(mail.companyId),
  });
  const facts = {
    sender,
    origin,
    subject: parsed.subject,
    subjectKey: subjectKey(parsed.subject),
    references: parsed.references,
  };
  const arrival: Arrival = { mail, parsed, mailbox, sender, facts };
  if (origin === 'human') await contact(deps, arrival);
  else await automatic(deps, arrival, origin);
}

interface Found {
  readonly thread: string | undefined;
  readonly record: MailRecord | undefined;
  /** A number in subject or address. */
  readonly token: string | undefined;
}

/**
 * A token in the subject leads into a thread only for those who take part in it: numbers can be guessed. For others it is a
 * hint that joins the protocol with a contact of its own. Message-IDs cannot be guessed.
 */
async function findThread({ store, clock }: ImporterDeps, arrival: Arrival): Promise<Found> {
  const { mail, parsed, mailbox, sender } = arrival;
  const token = tokenInAddress(mail.recipient) ?? tokenInSubject(parsed.subject);
  const sharing = token === undefined ? [] : await store.ofProtocol(mail.companyId, token);
  const byToken = sharing.find(
    (r) => r.sender === sender || (r.direction === 'outbound' && r.recipient === sender),
  );
  const key = subjectKey(parsed.subject);
  const since = new Date(clock.now() - SUBJECT_WINDOW_MS);
  const record =
    byToken ??
    (await store.byMessageIds(mail.companyId, parsed.references)) ??
    (key === '' || token !== undefined
      ? undefined
      : await store.bySenderAndSubject(mail.companyId, mailbox.id, sender, key, since));
  return { thread: record?.thread ?? undefined, record, token };
}

async function contact(deps: ImporterDeps, arrival: Arrival): Promise<void> {
  const { mail, parsed, mailbox, sender } = arrival;
  const { interactions } = deps;
  const companyId = mail.companyId as CompanyId;
  const { thread: known, token } = await findThread(deps, arrival);
  const thread = known ?? mail.id;
  const customer = await deps.customerByEmail(companyId, sender).catch(() => null);
  const opened = await interactions.open({
    companyId,
    channel: 'email',
    direction: 'inbound',
    contact: { address: sender, ...(parsed.from?.name === undefined ? {} : { name: parsed.from.name }) },
    idempotencyKey: keyOf(mail),
    customer,
    identity: customer === null ? 'unknown' : 'unconfirmed',
    thread,
    ...(token === undefined ? {} : { protocolHint: token }),
    subject: parsed.subject,
    to: mailbox.address,
    queue: mailbox.queue,
  });
  const { interaction } = opened;
  const message = await addText(deps, arrival, interaction);
  await deps.store.updateMail(mail.id, {
    ...arrival.facts,
    thread,
    protocol: interaction.protocol,
    interactionId: interaction.id,
    messageRef: message.id,
  });
  const stranger =
    known === undefined && token === interaction.protocol && (await isStranger(deps, interaction));
  if (stranger) await warnOfStranger(deps, interaction);
  await queue(deps, interaction, mailbox);
  const [first] = await interactions.messages(companyId, { interactionIds: [interaction.id] });
  if (first?.id === message.id) await deps.outbound.acknowledge(interaction, mailbox, { stranger });
  await deps.store.updateMail(mail.id, { status: 'imported' });
}

/** Numbers follow each other, so anybody can write one: whose contact this is, is not whose protocol it is. */
async function isStranger(
  deps: ImporterDeps,
  { companyId, protocol, customer }: Interaction,
): Promise<boolean> {
  const facts = await deps.protocolFacts(companyId, protocol);
  return facts !== null && (facts.customerId === null || facts.customerId !== customer?.id);
}

/** For whoever answers: a line of the journal, once. */
async function warnOfStranger({ interactions }: ImporterDeps, interaction: Interaction): Promise<void> {
  const { companyId, id, protocol } = interaction;
  const told = await interactions.timeline(companyId, id);
  if (told.some((entry) => entry.kind === 'sender.mismatch' && entry.data['interactionId'] === id)) return;
  await interactions.record(companyId, id, {
    kind: 'sender.mismatch',
    actor: { kind: 'system' },
    data: { protocol },
  });
}

const keyOf = (mail: MailRecord) => `email:${mail.dedupKey}`;

async function addText(
  deps: ImporterDeps,
  { mail, parsed, mailbox, sender }: Arrival,
  interaction: Interaction,
) {
  const { views, dropped } = await deps.attachments.ofMail(mail, interaction.id, parsed.attachments);
  const notes = [
    parsed.text.trim() === '' ? '(mensagem sem texto)' : parsed.text,
    dropped > 0 ? `[${dropped} anexo(s) além do limite; o original está arquivado]` : '',
    parsed.whole ? '' : '[mensagem com formato defeituoso; o original está arquivado]',
  ];
  return deps.interactions.addMessage(
    interaction.companyId,
    interaction.id,
    {
      direction: 'inbound',
      author: { kind: 'customer', ...(parsed.from?.name === undefined ? {} : { name: parsed.from.name }) },
      from: sender,
      to: [mailbox.address],
      subject: parsed.subject,
      text: notes.filter((n) => n !== '').join('\n\n'),
      attachments: views,
      at: mail.at,
      ...(mail.messageId === null ? {} : { externalId: mail.messageId }),
    },
    { idempotencyKey: keyOf(mail) },
  );
}

async function queue(
  { interactions, queueFor }: ImporterDeps,
  { companyId, id }: Interaction,
  mailbox: Mailbox,
): Promise<void> {
  const now = await interactions.get(companyId, id);
  // Only what has just arrived: a conversation that goes on keeps its place, or its operator.
  if (now?.state.name !== 'arriving') return;
  const outcome = await interactions.apply(companyId, id, {
    type: 'enqueued',
    // A company without any queue keeps its mails where it wanted them: they are offered once the queue exists.
    queue: (await queueFor?.({ companyId, id }, mailbox.queue)) ?? mailbox.queue,
    priority: mailbox.priority,
  });
  if (!outcome.ok && outcome.error.code !== 'interaction.illegalTransition')
    throw new Error(`mail could not be queued: ${outcome.error.code}`);
}

/**
 * Mail that nobody typed opens nothing and is answered by nothing. In a thread that we know, it becomes a line of the journal
 * (an out-of-office does not wake the conversation; a bounce marks our mail as failed). Otherwise it is set aside, where an
 * administrator finds it.
 */
async function automatic(deps: ImporterDeps, arrival: Arrival, origin: string): Promise<void> {
  const { mail, parsed } = arrival;
  const { store, interactions } = deps;
  const companyId = mail.companyId as CompanyId;
  const bounced = origin === 'bounce' ? await store.byMessageIds(companyId, quotedIds(parsed)) : undefined;
  const found = bounced ?? (origin === 'self' ? undefined : (await findThread(deps, arrival)).record);
  if (found?.interactionId == null)
    return store.updateMail(mail.id, { ...arrival.facts, status: 'setAside' });
  const interactionId = found.interactionId as InteractionId;
  if (bounced?.messageRef != null && bounced.direction === 'outbound')
    await interactions.updateMessageStatus(companyId, bounced.messageRef, {
      status: 'failed',
      error: 'mail.bounced',
    });
  await interactions.record(companyId, interactionId, {
    kind: origin === 'bounce' ? 'mail.bounced' : 'mail.automatic',
    actor: { kind: 'system' },
    data: { origin, mailId: mail.id, subject: parsed.subject, text: parsed.text.slice(0, 500) },
  });
  await store.updateMail(mail.id, {
    ...arrival.facts,
    status: 'imported',
    thread: found.thread,
    protocol: found.protocol,
    interactionId,
  });
}

/** The ids of our mails that a delivery report quotes (RFC 3464: in its parts). */
function quotedIds(parsed: ParsedMail): string[] {
  const quoted = parsed.attachments.map((a) => a.content.subarray(0, 65_536).toString('latin1'));
  return messageIds(parsed.references, parsed.text, quoted);
}
