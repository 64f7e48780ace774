import type { Clock } from '../../shared/clock.ts';
import { MAILS_PER_HOUR } from './domain/limits.ts';
import { subjectKey, tokenInAddress, tokenInSubject } from './domain/threads.ts';
import type { MailRecord, MailStore } from './store.ts';

export interface ThreadFacts {
  readonly mail: MailRecord;
  readonly subject: string;
  readonly references: readonly string[];
  /** Whom an answer reaches, lower case, and the key of the limits. */
  readonly writer: string;
  readonly writerKey: string;
  /** False: somebody else's address stands in From (a web form), or may: the subject is the form's and not the writer's. */
  readonly ownSubject: boolean;
}

export interface FoundThread {
  readonly thread: string | undefined;
  readonly record: MailRecord | undefined;
  /** A number in subject or address. */
  readonly token: string | undefined;
  /** Message-IDs cannot be guessed: who names one has seen the conversation. */
  readonly proven: boolean;
  /** Too many mails of one sender: this one joins the newest. */
  readonly flood: boolean;
}

/** Same sender, same subject: the same thread for this long. */
const SUBJECT_WINDOW_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * A token in the subject leads into a thread only for those who take part in it: numbers can be guessed. For others it is a
 * hint that joins the protocol with a contact of its own.
 */
export async function findThread(
  { store, clock }: { readonly store: MailStore; readonly clock: Clock },
  facts: ThreadFacts,
): Promise<FoundThread> {
  const { mail, writer } = facts;
  const { companyId } = mail;
  const token = tokenInAddress(mail.recipient) ?? tokenInSubject(facts.subject);
  const byId = await store.byMessageIds(companyId, facts.references);
  const sharing = token === undefined ? [] : await store.ofProtocol(companyId, token);
  const byToken = sharing.find((one) => takesPart(one, writer));
  const record =
    byToken ??
    byId ??
    (token === undefined && facts.ownSubject
      ? await sameSubject(store, mail, writer, subjectKey(facts.subject), clock)
      : undefined);
  const proven = byId?.thread != null && byId.thread === record?.thread;
  const thread = record?.thread ?? undefined;
  if (thread !== undefined) return { thread, record, token, proven, flood: false };
  const newest = await flooding(store, facts);
  return { thread: newest?.thread ?? undefined, record: newest, token, proven, flood: newest !== undefined };
}

/** The sender's newest mail, when there were too many of them in the hour before. */
async function flooding(store: MailStore, { mail, writerKey }: ThreadFacts): Promise<MailRecord | undefined> {
  const latest = await store.ofSender(mail.companyId, writerKey, {
    since: new Date(mail.at.getTime() - HOUR_MS),
    not: mail.id,
    limit: MAILS_PER_HOUR,
  });
  return latest.length < MAILS_PER_HOUR ? undefined : latest[0];
}

/** Wrote in it, or was written to. */
const takesPart = (one: MailRecord, writer: string): boolean =>
  one.sender === writer ||
  (one.direction === 'outbound' && (one.recipient === writer || (one.cc ?? []).includes(writer)));

const sameSubject = (store: MailStore, mail: MailRecord, sender: string, key: string, clock: Clock) =>
  key === ''
    ? Promise.resolve(undefined)
    : store.bySenderAndSubject(
        mail.companyId,
        mail.mailbox,
        sender,
        key,
        new Date(clock.now() - SUBJECT_WINDOW_MS),
      );
