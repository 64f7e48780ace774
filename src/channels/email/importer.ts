import type { Timer } from '../../shared/clock.ts';
import { createTurns } from '../../shared/turns.ts';
import { arrivalOf, type ImporterDeps } from './arrival.ts';
import { contact } from './contact.ts';
import { opensContact } from './domain/automatic.ts';
import { createReadingOrder, type ReadingOrder, type WaitingMail } from './domain/reading-order.ts';
import { automatic, setAside } from './machine.ts';
import type { ParseOutcome } from './parser.ts';
import type { Mailbox, MailRecord } from './store.ts';

export interface ImportState {
  /** Mails that were accepted and stand in no queue yet, the one at work and those to be tried again too. */
  readonly waiting: number;
  /** Since the oldest of them was accepted, ms; 0: there is none. */
  readonly oldestMs: number;
}

/**
 * Turns stored mails into contacts, one after another per company, in the order of `domain/reading-order.ts`; what fails is tried
 * again until it works.
 */
export interface Importer {
  kick(mail: MailRecord): void;
  /** As kick, before all others: a person waits. Resolves when the first attempt is over, whatever came of it. */
  now(mail: MailRecord): Promise<void>;
  /** After a start: what an earlier process accepted and did not import. */
  recover(): Promise<number>;
  state(): ImportState;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const RETRY_MS = 1000;
const RETRY_MAX_MS = 300_000;
const STARTS_UNTIL_PLAIN = 3;

export function createImporter(deps: ImporterDeps): Importer {
  const { clock } = deps;
  const orders = new Map<string, ReadingOrder>();
  const orderOf = (companyId: string): ReadingOrder => {
    const order = orders.get(companyId) ?? createReadingOrder();
    orders.set(companyId, order);
    return order;
  };
  const turns = createTurns<WaitingMail>(Infinity, (line, companyId) =>
    orderOf(companyId).next(line, clock.steady()),
  );
  const retries = new Map<string, Timer>();
  /** When they were accepted, ms by the wall clock. */
  const waiting = new Map<string, number>();
  let stopped = false;
  const importNow = async (mail: MailRecord): Promise<void> => {
    if (stopped) return;
    let tookMs = 0;
    try {
      await importMail(deps, mail, (ms) => (tookMs += ms));
      waiting.delete(mail.id);
    } finally {
      orderOf(mail.companyId).spent(lanesOf(mail), tookMs, clock.steady());
    }
  };
  const run = async (mail: MailRecord, delayMs: number, urgent = false): Promise<void> => {
    if (stopped) return;
    waiting.set(mail.id, mail.at.getTime());
    const about = { ...lanesOf(mail), bytes: mail.bytes, urgent };
    await turns
      .run(mail.companyId, () => importNow(mail), about)
      .catch((error: unknown) => {
        if (stopped) return;
        deps.logger.error({ error, mailId: mail.id }, 'mail import failed, will be tried again');
        retries.set(
          mail.id,
          clock.after(delayMs, () => {
            retries.delete(mail.id);
            void run(mail, Math.min(delayMs * 2, RETRY_MAX_MS));
          }),
        );
      });
  };
  return {
    kick: (mail) => void run(mail, RETRY_MS),
    now: (mail) => run(mail, RETRY_MS, true),
    state() {
      let oldest = clock.now();
      for (const at of waiting.values()) oldest = Math.min(oldest, at);
      return { waiting: waiting.size, oldestMs: clock.now() - oldest };
    },
    async recover() {
      const left = await deps.store.unimported();
      for (const mail of left) {
        await deps.store.updateMail(mail.id, { starts: (mail.starts ?? 0) + 1 });
        void run(mail, RETRY_MS);
      }
      return left.length;
    },
    idle: () => turns.idle(),
    async stop() {
      stopped = true;
      for (const timer of retries.values()) timer.cancel();
      retries.clear();
      await turns.idle();
    },
  };
}

const lanesOf = ({ envelopeFrom, client }: MailRecord) => ({ sender: envelopeFrom.toLowerCase(), client });

/** `took`: is told of the time that the mail itself needed, ms, without the one in line. */
async function importMail(deps: ImporterDeps, given: MailRecord, took: (ms: number) => void): Promise<void> {
  const mail = (await deps.store.mail(given.id)) ?? given;
  if (mail.status !== 'stored' || mail.file === null) return;
  const mailbox = await deps.mailboxes.byId(mail.companyId, mail.mailbox);
  if (mailbox === undefined)
    return deps.store.updateMail(mail.id, { status: 'setAside', reason: 'mailboxGone' });
  // A mail that was met unread at several starts may be what ended them: it is no longer read in full.
  const mode = (mail.starts ?? 0) >= STARTS_UNTIL_PLAIN ? 'plain' : 'whole';
  const outcome = await deps.parser.parse(deps.files.path(mail.file), mode);
  const readAt = deps.clock.steady();
  try {
    await takeIn(deps, { mail, mailbox, outcome });
  } finally {
    took(outcome.readMs + deps.clock.steady() - readAt);
  }
}

async function takeIn(
  deps: ImporterDeps,
  {
    mail,
    mailbox,
    outcome,
  }: { readonly mail: MailRecord; readonly mailbox: Mailbox; readonly outcome: ParseOutcome },
): Promise<void> {
  if (outcome.fault !== undefined)
    deps.logger.warn(
      { mailId: mail.id, fault: outcome.fault, plain: outcome.ok },
      'mail could not be read in full',
    );
  if (!outcome.ok) {
    const sender = mail.envelopeFrom.toLowerCase();
    return deps.store.updateMail(mail.id, { status: 'setAside', reason: outcome.fault, sender });
  }
  const parsed = outcome.mail;
  const arrival = arrivalOf(mail, parsed, mailbox, await deps.mailboxes.ours(mail.companyId));
  // What an administrator took out of the mails set aside is a contact, whatever it looks like.
  const released = mail.released === true;
  if (!released && opensContact(arrival.origin) && arrival.doubts.answersNobody)
    return setAside(deps, arrival, 'fromUnclear');
  if (released || opensContact(arrival.origin)) await contact(deps, arrival);
  else await automatic(deps, arrival);
}
