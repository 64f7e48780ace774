import { createHash } from 'node:crypto';
import type { Interactions } from '../../interactions/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Attachments } from './attachments.ts';
import { limitedDomain, senderKey } from './domain/limits.ts';
import type { MailId } from './domain/threads.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { CustomerByEmail, EmailOfCustomer, MailJobs, ProtocolFacts, TimeZoneOf } from './ports.ts';
import type { Relay } from './relay.ts';
import type { Mailbox, MailRecord, MailStore, OutboxMail } from './store.ts';

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
  readonly customerByEmail: CustomerByEmail;
  readonly protocolFacts: ProtocolFacts;
}

export interface Sending {
  /** Once per call: the next attempt of this mail. */
  plan(mail: OutboxMail, delayMs: number): Promise<void>;
  /** Writes down what became of a mail: in the outbox, on the message, in the journal for notices. */
  settle(mail: OutboxMail, status: Exclude<OutboxMail['status'], 'queued'>, error?: string): Promise<void>;
  /** After a start: whatever waited is tried at once; the server or its settings may have changed. */
  recover(): Promise<void>;
}

type Draft = Omit<OutboxMail, 'id' | 'from' | 'mailbox' | 'messageId' | 'status' | 'error' | 'at'> & {
  readonly mailbox: Mailbox;
};

export function compose({ newId, clock }: OutboundDeps, { mailbox, ...draft }: Draft): OutboxMail {
  // The Message-ID is made from the key: a mail that goes out twice after a crash is the same mail to the receiver.
  const hash = createHash('sha256').update(`${draft.companyId}\n${draft.key}`).digest('hex').slice(0, 32);
  return {
    ...draft,
    id: newId(),
    mailbox: mailbox.id,
    from: { address: mailbox.address, name: mailbox.name },
    messageId: `${hash}@${mailbox.address.split('@')[1] ?? 'localhost'}` as MailId,
    toKey: senderKey(draft.to),
    toDomain: limitedDomain(draft.to),
    pending: [draft.to, ...(draft.cc ?? [])],
    status: 'queued',
    error: null,
    at: new Date(clock.now()),
  };
}

/** Stores the decision to send, then sends. A second call with the same key finds the first one's mail. */
export async function post(
  deps: OutboundDeps,
  sending: Sending,
  draft: OutboxMail,
  { thread, outsider }: { readonly thread: string | undefined; readonly outsider: boolean },
): Promise<void> {
  const { store } = deps;
  const fresh = await store.insertOutbox(draft);
  const mail = fresh ? draft : (await store.outbox({ companyId: draft.companyId, key: draft.key }, 1))[0];
  if (mail === undefined) return;
  await store.insertMail(sentRecord(mail, thread, outsider));
  if (mail.status !== 'queued') return sending.settle(mail, mail.status);
  if (deps.relay === undefined) return sending.settle(mail, 'stored');
  // An attempt is planned already: this is the same decision, made again.
  if ((mail.attempt ?? 0) === 0) await sending.plan(mail, 0);
}

const sentRecord = (mail: OutboxMail, thread: string | undefined, outsider: boolean): MailRecord => ({
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
  ...(mail.cc === undefined ? {} : { cc: mail.cc }),
  outsider,
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
