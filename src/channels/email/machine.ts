import type { CompanyId, InteractionId } from '../../shared/ids.ts';
import { threadFacts, type Arrival, type ImporterDeps } from './arrival.ts';
import type { Report } from './domain/report.ts';
import { roleOf, whatBecame } from './domain/outcome.ts';
import { subjectKey } from './domain/threads.ts';
import { findNamed } from './find-thread.ts';
import type { MailRecord } from './store.ts';

/**
 * Mail that nobody typed opens nothing and is answered by nothing. In a thread that we know, it becomes a line of the journal
 * (an out-of-office does not wake the conversation). Otherwise it is set aside, where an administrator finds it.
 */
export async function automatic(deps: ImporterDeps, given: Arrival): Promise<void> {
  const { store, interactions } = deps;
  const companyId = given.mail.companyId as CompanyId;
  const about = given.report === undefined ? undefined : await reportedMail(deps, companyId, given.report);
  const arrival = about !== undefined && quotesOurWords(given, about) ? asAutoReply(given) : given;
  const { mail, parsed, origin, report } = arrival;
  const found =
    about ??
    (origin === 'self' ? undefined : (await findNamed(deps, threadFacts(arrival), null)).record) ??
    (report === undefined ? undefined : await store.byMessageIds(companyId, report.within));
  if (found?.interactionId == null) return setAside(deps, arrival, origin);
  if (report !== undefined && about !== undefined) await settleMessage(deps, about, report);
  await interactions.record(companyId, found.interactionId as InteractionId, {
    kind: LINES[report?.kind ?? 'autoReply'],
    actor: { kind: 'system' },
    data: {
      origin,
      mailId: mail.id,
      subject: parsed.subject,
      text: parsed.text.slice(0, 500),
      ...reported(report),
    },
  });
  await store.updateMail(mail.id, {
    ...arrival.facts,
    // Nothing follows it by its sender or its subject: behind both may be everybody who writes by one server.
    senderKey: null,
    subjectKey: null,
    status: 'imported',
    thread: found.thread,
    protocol: found.protocol,
    interactionId: found.interactionId,
  });
}

/**
 * Who answers "Boleto não foi entregue" with an absence has our subject, and tells of no delivery. Nobody whom we reached says that
 * we did not.
 */
function quotesOurWords({ report, parsed, facts }: Arrival, about: MailRecord): boolean {
  if (report?.bySubject !== true) return false;
  const from = parsed.from?.address;
  const isReader =
    from !== undefined && roleOf({ to: about.recipient, cc: about.cc ?? [] }, [from]) !== undefined;
  return isReader || facts.subjectKey === subjectKey(about.subject ?? '');
}

const asAutoReply = (arrival: Arrival): Arrival => ({
  ...arrival,
  report: undefined,
  origin: 'autoReply',
  facts: { ...arrival.facts, origin: 'autoReply' },
});

/**
 * Of ours, the mail that a report names. Relays give mails ids of their own: then the conversation that the copy answers, and whom
 * the report speaks of; of several mails the one that answers the same mail as the copy, else the newest. By the address alone
 * nothing is found, as anybody can write one.
 */
async function reportedMail(
  { store }: Pick<ImporterDeps, 'store'>,
  companyId: CompanyId,
  { about, within, answers, recipients }: Report,
): Promise<MailRecord | undefined> {
  const named = await store.sentByIds(companyId, about);
  if (named !== undefined) return named;
  const known = await store.byMessageIds(companyId, within);
  if (known?.protocol == null) return undefined;
  const sent = (await store.ofProtocol(companyId, known.protocol)).filter(
    (one) =>
      one.direction === 'outbound' &&
      one.thread === known.thread &&
      // What goes out with an empty return path is not reported (RFC 5321 §4.5.5).
      one.envelopeFrom !== '' &&
      recipients.some(({ forms }) => roleOf({ to: one.recipient, cc: one.cc ?? [] }, forms) !== undefined),
  );
  const isSame = ({ references }: MailRecord): boolean => answers.some((id) => id === references.at(-1));
  return sent.find(isSame) ?? sent[0];
}

/** Kept, not answered, shown to an administrator. */
export const setAside = (
  { store }: Pick<ImporterDeps, 'store'>,
  { mail, parsed, facts }: Arrival,
  reason: string,
): Promise<void> =>
  store.updateMail(mail.id, { ...facts, status: 'setAside', preview: parsed.text.slice(0, 300), reason });

const LINES = {
  bounce: 'mail.bounced',
  delayed: 'mail.delayed',
  delivered: 'mail.delivered',
  relayed: 'mail.relayed',
  receipt: 'mail.receipt',
  complaint: 'mail.complaint',
  autoReply: 'mail.automatic',
} as const;

/** Facts of the line: who, and what the other server said. */
function reported(report: Report | undefined): Record<string, unknown> {
  if (report === undefined) return {};
  const first = report.recipients.find(({ action }) => action === 'failed') ?? report.recipients[0];
  return {
    ...(report.disposition === null ? {} : { disposition: report.disposition }),
    ...(first === undefined ? {} : { recipient: first.address }),
    ...(first?.status == null ? {} : { status: first.status }),
    ...(first?.diagnostic == null ? {} : { diagnostic: first.diagnostic }),
  };
}

/** A mail fails by its report only when it did not reach the one whom we answer; a copy that came back is a line alone. */
async function settleMessage(
  { interactions }: ImporterDeps,
  sent: MailRecord,
  report: Report,
): Promise<void> {
  if (sent.messageRef === null) return;
  const companyId = sent.companyId as CompanyId;
  const became = whatBecame({ to: sent.recipient, cc: sent.cc ?? [] }, report);
  if (became === 'failed')
    await interactions.updateMessageStatus(companyId, sent.messageRef, {
      status: 'failed',
      error: 'mail.bounced',
    });
  if (became === 'delivered')
    await interactions.updateMessageStatus(companyId, sent.messageRef, { status: 'delivered' });
}
