import type { CompanyId, InteractionId } from '../../shared/ids.ts';
import { threadFacts, type Arrival, type ImporterDeps } from './arrival.ts';
import type { Report } from './domain/report.ts';
import { findThread } from './find-thread.ts';
import type { MailRecord } from './store.ts';

/**
 * Mail that nobody typed opens nothing and is answered by nothing. In a thread that we know, it becomes a line of the journal
 * (an out-of-office does not wake the conversation). Otherwise it is set aside, where an administrator finds it.
 */
export async function automatic(deps: ImporterDeps, arrival: Arrival): Promise<void> {
  const { mail, parsed, origin, report } = arrival;
  const { store, interactions } = deps;
  const companyId = mail.companyId as CompanyId;
  const about = report === undefined ? undefined : await store.sentByIds(companyId, report.about);
  const found =
    about ?? (origin === 'self' ? undefined : (await findThread(deps, threadFacts(arrival), null)).record);
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
    status: 'imported',
    thread: found.thread,
    protocol: found.protocol,
    interactionId: found.interactionId,
  });
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
  { kind, recipients }: Report,
): Promise<void> {
  if (sent.messageRef === null) return;
  const companyId = sent.companyId as CompanyId;
  const failed = recipients.filter(({ action }) => action === 'failed');
  const copiesOnly = failed.length > 0 && failed.every(({ address }) => (sent.cc ?? []).includes(address));
  if (kind === 'bounce' && !copiesOnly)
    await interactions.updateMessageStatus(companyId, sent.messageRef, {
      status: 'failed',
      error: 'mail.bounced',
    });
  const arrived = recipients.some(
    ({ address, action }) => action === 'delivered' && address === sent.recipient,
  );
  if (kind === 'delivered' && arrived)
    await interactions.updateMessageStatus(companyId, sent.messageRef, { status: 'delivered' });
}
