import type { CompanyId, InteractionId } from '../../shared/ids.ts';
import { GIVE_UP_MS, isRelayWide, nextTry, relayWideReasons } from './domain/retry.ts';
import type { OutboundDeps, Sending } from './posting.ts';
import type { Left } from './relay.ts';
import type { OutboxMail } from './store.ts';

export const SEND_JOB = 'email.send';
/** How many waiting mails go at once after a start, or when the relay is back. */
const WAKE = 500;

/**
 * One attempt is one job, `<mail>:<number>`, and the mail knows the newest number: an attempt that was planned before a newer one
 * does nothing. So a restart, a person's "send again" and the relay's return may all plan at once, and one mail goes out.
 */
export function createSending(deps: OutboundDeps): Sending {
  const { store, jobs, clock } = deps;
  /** Mails that are being tried, each with the number of a later attempt that found them so. */
  const busy = new Map<string, number>();
  let away = false;
  const plan: Sending['plan'] = async (mail, delayMs) => {
    // The store counts: two that plan at once get two numbers, and no job carries a number that was used before.
    const attempt = await store.nextAttempt(mail.id, new Date(clock.now() + delayMs));
    if (attempt !== null)
      await jobs.add(SEND_JOB, { id: mail.id, attempt }, { key: `${mail.id}:${attempt}`, delayMs });
  };
  const wake = async (filter: Record<string, unknown>): Promise<void> => {
    for (const mail of await store.outbox({ status: 'queued', ...filter }, WAKE)) await plan(mail, 0);
  };
  const later = async (mail: OutboxMail, reason: string): Promise<void> => {
    const giveUpAt = mail.giveUpAt?.getTime() ?? mail.at.getTime() + GIVE_UP_MS;
    const after = nextTry({ tries: mail.tries ?? 0, giveUpAt }, reason, clock.now());
    if (after === 'giveUp') return settle(deps, mail, 'failed', reason);
    const { tries, giveUpAt: until } = after.next;
    await store.updateOutbox(mail.id, { error: reason, tries, giveUpAt: new Date(until) });
    if (mail.messageRef !== null)
      await deps.interactions.updateMessageStatus(mail.companyId as CompanyId, mail.messageRef, {
        status: 'queued',
        error: reason,
      });
    if (isRelayWide(reason)) away = true;
    await plan(mail, after.delayMs);
  };
  const attemptOf = async (mail: OutboxMail): Promise<void> => {
    if (deps.relay === undefined) return settle(deps, mail, 'stored');
    if (await isAnswered(deps, mail)) return settle(deps, mail, 'moot', 'mail.answered');
    const files = await deps.attachments.sendable(mail.companyId, mail.attachments);
    const outcome = await deps.relay.send(mail, mail.pending ?? [mail.to], files);
    if (outcome.kind === 'refused') return settle(deps, mail, 'failed', outcome.reason);
    if (outcome.kind === 'later') return later(mail, outcome.reason);
    await leftOver(deps, mail, outcome.left, later);
    if (!away) return;
    away = false;
    await wake({ error: { $in: relayWideReasons } });
  };
  /** An attempt came while another one was at it: if that one planned nothing, the mail waits for nobody. */
  const look = async (id: string, missed: number): Promise<void> => {
    const [mail] = await store.outbox({ _id: id }, 1);
    if (mail?.status === 'queued' && mail.attempt === missed) await plan(mail, 0);
  };
  jobs.define(SEND_JOB, async (payload) => {
    const { id, attempt } = jobOf(payload);
    const [mail] = await store.outbox({ _id: id }, 1);
    // Out already, or a newer attempt is planned.
    if (mail === undefined || mail.status !== 'queued' || attempt < (mail.attempt ?? 0)) return;
    if (busy.has(id)) {
      busy.set(id, attempt);
      return;
    }
    busy.set(id, 0);
    try {
      await attemptOf(mail);
    } finally {
      const missed = busy.get(id) ?? 0;
      busy.delete(id);
      if (missed > 0) await look(id, missed);
    }
  });
  return {
    plan,
    settle: (mail, status, error) => settle(deps, mail, status, error),
    recover: () => wake({}),
  };
}

/**
 * An acknowledgement had to wait, and an operator has answered meanwhile: "we received your message" behind the answer, which
 * carries the number too, only confuses. Whoever sends it again by hand is obeyed: what they send carries no reason any more.
 */
async function isAnswered({ interactions }: OutboundDeps, mail: OutboxMail): Promise<boolean> {
  if (mail.kind !== 'acknowledgement' || mail.error === null || mail.interactionId === null) return false;
  const said = await interactions.messages(
    mail.companyId as CompanyId,
    { interactionIds: [mail.interactionId as InteractionId], direction: 'outbound' },
    { order: 'newest', limit: 10 },
  );
  return said.some(({ author }) => author.kind === 'agent');
}

function jobOf(payload: unknown): { readonly id: string; readonly attempt: number } {
  const job = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
  // A job of the version before has no number: it is older than any.
  return {
    id: typeof job['id'] === 'string' ? job['id'] : '',
    attempt: typeof job['attempt'] === 'number' ? job['attempt'] : 0,
  };
}

/** Some recipients were taken: the others go later, or are told as refused. The mail is out when the one in To has it. */
async function leftOver(
  deps: OutboundDeps,
  mail: OutboxMail,
  left: readonly Left[],
  later: (mail: OutboxMail, reason: string) => Promise<void>,
): Promise<void> {
  const refused = left.filter((one) => !one.later);
  const again = left.filter((one) => one.later);
  const [first] = refused;
  if (first !== undefined && mail.interactionId !== null)
    await deps.interactions.record(mail.companyId as CompanyId, mail.interactionId as InteractionId, {
      kind: 'mail.copyRefused',
      actor: { kind: 'system' },
      data: {
        recipient: refused
          .map(({ address }) => address)
          .join(', ')
          .slice(0, 500),
        reason: first.reason,
      },
    });
  const [waiting] = again;
  if (waiting !== undefined) {
    const next = again.map(({ address }) => address);
    await deps.store.updateOutbox(mail.id, { pending: next });
    return later({ ...mail, pending: next }, waiting.reason);
  }
  if (refused.some(({ address }) => address === mail.to)) {
    await deps.store.updateOutbox(mail.id, { pending: refused.map(({ address }) => address) });
    return settle(deps, mail, 'failed', refused.find(({ address }) => address === mail.to)?.reason);
  }
  await settle(deps, mail, 'sent');
}

async function settle(
  { store, interactions }: OutboundDeps,
  mail: OutboxMail,
  status: Exclude<OutboxMail['status'], 'queued'>,
  error?: string,
): Promise<void> {
  if (mail.status === 'queued') await store.updateOutbox(mail.id, { status, error: error ?? null });
  const companyId = mail.companyId as CompanyId;
  if (mail.messageRef !== null)
    await interactions.updateMessageStatus(companyId, mail.messageRef, {
      status: status === 'failed' || status === 'moot' ? 'failed' : 'sent',
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
