import type { Timer } from '../../shared/clock.ts';
import { createSerial } from '../../shared/serial.ts';
import { answersNobody, arrivalOf, type ImporterDeps } from './arrival.ts';
import { contact } from './contact.ts';
import { opensContact } from './domain/automatic.ts';
import { automatic, setAside } from './machine.ts';
import type { MailRecord } from './store.ts';

/** Turns stored mails into contacts, one after another per company; what fails is tried again until it works. */
export interface Importer {
  kick(mail: MailRecord): void;
  /** As kick; resolves when the first attempt is over, whatever came of it. */
  now(mail: MailRecord): Promise<void>;
  /** After a start: what an earlier process accepted and did not import. */
  recover(): Promise<number>;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const RETRY_MS = 1000;
const RETRY_MAX_MS = 300_000;
const STARTS_UNTIL_PLAIN = 3;

export function createImporter(deps: ImporterDeps): Importer {
  const serial = createSerial();
  const retries = new Map<string, Timer>();
  let stopped = false;
  const run = async (mail: MailRecord, delayMs: number): Promise<void> => {
    if (stopped) return;
    await serial
      .run(mail.companyId, () => (stopped ? Promise.resolve() : importMail(deps, mail)))
      .catch((error: unknown) => {
        if (stopped) return;
        deps.logger.error({ error, mailId: mail.id }, 'mail import failed, will be tried again');
        retries.set(
          mail.id,
          deps.clock.after(delayMs, () => {
            retries.delete(mail.id);
            void run(mail, Math.min(delayMs * 2, RETRY_MAX_MS));
          }),
        );
      });
  };
  return {
    kick: (mail) => void run(mail, RETRY_MS),
    now: (mail) => run(mail, RETRY_MS),
    async recover() {
      const left = await deps.store.unimported();
      for (const mail of left) {
        await deps.store.updateMail(mail.id, { starts: (mail.starts ?? 0) + 1 });
        void run(mail, RETRY_MS);
      }
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

async function importMail(deps: ImporterDeps, given: MailRecord): Promise<void> {
  const mail = (await deps.store.mail(given.id)) ?? given;
  if (mail.status !== 'stored' || mail.file === null) return;
  const mailbox = await deps.mailboxes.byId(mail.companyId, mail.mailbox);
  if (mailbox === undefined)
    return deps.store.updateMail(mail.id, { status: 'setAside', reason: 'mailboxGone' });
  // A mail that was met unread at several starts may be what ended them: it is no longer read in full.
  const mode = (mail.starts ?? 0) >= STARTS_UNTIL_PLAIN ? 'plain' : 'whole';
  const outcome = await deps.parser.parse(deps.files.path(mail.file), mode);
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
  if (!released && opensContact(arrival.origin) && answersNobody(parsed))
    return setAside(deps, arrival, 'fromUnclear');
  if (released || opensContact(arrival.origin)) await contact(deps, arrival);
  else await automatic(deps, arrival);
}
