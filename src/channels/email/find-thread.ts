import type { CompanyId } from '../../shared/ids.ts';
import type { Clock } from '../../shared/clock.ts';
import { MAILS_PER_HOUR } from './domain/limits.ts';
import { subjectKey, tokenInAddress, tokenInSubject, type MailId } from './domain/threads.ts';
import type { ProtocolFacts } from './ports.ts';
import type { MailRecord, MailStore } from './store.ts';

export interface ThreadFacts {
  readonly mail: MailRecord;
  readonly subject: string;
  readonly references: readonly MailId[];
  /** Whom an answer reaches, lower case, and the key of the limits. */
  readonly writer: string;
  readonly writerKey: string;
  /** False: somebody else's address stands in From (a web form), or may: the subject is the form's and not the writer's. */
  readonly ownSubject: boolean;
}

export interface FoundThread {
  readonly thread: string | undefined;
  readonly record: MailRecord | undefined;
  /** A number in subject or address that this writer may join; absent where it is nobody's, or not known to be theirs. */
  readonly token: string | undefined;
  /** A number that exists and is not known to be this writer's. */
  readonly foreign: string | undefined;
  /** Message-IDs cannot be guessed: who names one has seen the conversation. */
  readonly proven: boolean;
  /** Too many mails of one sender: this one joins the newest. */
  readonly flood: boolean;
}

export interface ThreadDeps {
  readonly store: MailStore;
  readonly clock: Clock;
  readonly protocolFacts: ProtocolFacts;
}

/** Same sender, same subject: the same thread for this long. */
const SUBJECT_WINDOW_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * A number leads into a thread only for those who take part in it: numbers can be guessed. The customer whose number it is joins
 * it with a contact of their own. For everybody else it is a number like any other in a subject, so that no answer tells whether
 * it exists.
 */
export async function findThread(
  deps: ThreadDeps,
  facts: ThreadFacts,
  customerId: string | null,
): Promise<FoundThread> {
  const named = await findNamed(deps, facts, customerId);
  const { byId, number } = named;
  const record =
    named.record ??
    (number.written === undefined && facts.ownSubject ? await sameSubject(deps, facts) : undefined);
  const proven = byId?.thread != null && byId.thread === record?.thread;
  const thread = record?.thread ?? undefined;
  const { token, foreign } = number;
  if (thread !== undefined) return { thread, record, token, foreign, proven, flood: false };
  const newest = await flooding(deps.store, facts);
  return {
    thread: newest?.thread ?? undefined,
    record: newest,
    token,
    foreign,
    proven,
    flood: newest !== undefined,
  };
}

/**
 * What the mail itself names: mails of ours or theirs, or a number. A machine's mail belongs nowhere else: behind one address of a
 * server, and behind one subject of it, is everybody who writes by it.
 */
export async function findNamed(
  deps: ThreadDeps,
  facts: ThreadFacts,
  customerId: string | null,
): Promise<{
  readonly record: MailRecord | undefined;
  readonly byId: MailRecord | undefined;
  readonly number: NumberFound;
}> {
  const companyId = facts.mail.companyId as CompanyId;
  const byId = await deps.store.byMessageIds(companyId, facts.references);
  const number = await numberOf(deps, facts, { companyId, customerId, byId });
  return { record: number.record ?? byId, byId, number };
}

interface NumberFound extends Pick<FoundThread, 'token' | 'foreign'> {
  readonly written: string | undefined;
  /** A mail of its conversation in which this writer takes part. */
  readonly record: MailRecord | undefined;
}

/** The number that a mail names, and whether it may lead this writer anywhere. */
async function numberOf(
  { store, protocolFacts }: Pick<ThreadDeps, 'store' | 'protocolFacts'>,
  { mail, subject, writer }: ThreadFacts,
  known: {
    readonly companyId: CompanyId;
    readonly customerId: string | null;
    readonly byId: MailRecord | undefined;
  },
): Promise<NumberFound> {
  const written = tokenInAddress(mail.recipient) ?? tokenInSubject(subject);
  if (written === undefined) return { written, record: undefined, token: undefined, foreign: undefined };
  const { companyId, customerId, byId } = known;
  const about = await protocolFacts(companyId, written);
  const isOwn = customerId !== null && about?.customerId === customerId;
  const sharing = await store.ofProtocol(companyId, written);
  // Whoever came in by the number alone took no part by it.
  const record = sharing.find((one) => takesPart(one, writer) && (isOwn || one.outsider !== true));
  if (isOwn || record !== undefined || byId?.protocol === written)
    return { written, record, token: written, foreign: undefined };
  return { written, record, token: undefined, foreign: about === null ? undefined : written };
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

function sameSubject(
  { store, clock }: ThreadDeps,
  { mail, subject, writer }: ThreadFacts,
): Promise<MailRecord | undefined> {
  const key = subjectKey(subject);
  if (key === '') return Promise.resolve(undefined);
  const since = new Date(clock.now() - SUBJECT_WINDOW_MS);
  return store.bySenderAndSubject(mail.companyId, mail.mailbox, writer, key, since);
}
