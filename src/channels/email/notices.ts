import type { Interaction } from '../../interactions/index.ts';
import { canonicalAddress, withoutRootDot } from './domain/threads.ts';
import { localDate, noticeSubject, noticeText } from './domain/words.ts';
import { compose, post, type OutboundDeps, type Sending } from './posting.ts';

/** A caller's number proves nothing: whoever dials with somebody's number must not fill that person's mailbox. */
const NOTICES_PER_HOUR = 5;

export async function sendNotice(
  deps: OutboundDeps,
  sending: Sending,
  interaction: Interaction,
): Promise<void> {
  const { companyId, protocol, customer, id } = interaction;
  const known = customer === null ? undefined : await deps.emailOf(companyId, customer.id);
  const to = known === undefined ? undefined : withoutRootDot(known.toLowerCase());
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
  await post(deps, sending, mail, { thread: undefined, outsider: false });
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
