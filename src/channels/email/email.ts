import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Interaction, Interactions } from '../../interactions/index.ts';
import type { Logger } from '../../platform/log/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { createIds } from '../../shared/ids-factory.ts';
import type { Random } from '../../shared/random.ts';
import { createAttachments, type Attachments } from './attachments.ts';
import { createMailFiles } from './files.ts';
import { createImporter } from './importer.ts';
import { createMailboxes, type Mailboxes } from './mailboxes.ts';
import { createOutbound } from './outbound.ts';
import { mailIdentity } from './parse.ts';
import type {
  CustomerByEmail,
  EmailOfCustomer,
  MailJobs,
  ProtocolFacts,
  QueueFor,
  TimeZoneOf,
} from './ports.ts';
import { createRelay } from './relay.ts';
import { listenSmtp, type SmtpListener, type SmtpOptions } from './smtp.ts';
import { createMailStore, type Mailbox, type MailRecord, type MailStore } from './store.ts';

export interface EmailDeps {
  readonly connection: Connection;
  readonly interactions: Interactions;
  readonly jobs: MailJobs;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly dataDir: string;
  /** SMTP_HOST, SMTP_PORT; port 0: no inbound mail. */
  readonly smtp: { readonly host: string; readonly port: number };
  /** SMTP_URL. */
  readonly relayUrl?: string | undefined;
  readonly customerByEmail: CustomerByEmail;
  readonly emailOf: EmailOfCustomer;
  readonly timeZone: TimeZoneOf;
  /** Default: every queue serves. */
  readonly queueFor?: QueueFor;
  /** Of the protocol that a mail joins. */
  readonly protocolFacts: ProtocolFacts;
}

export interface EmailChannel {
  readonly mailboxes: Mailboxes;
  readonly attachments: Attachments;
  readonly store: MailStore;
  /** Where the raw files and attachments lie. */
  path(file: string): string;
  readonly smtp: { readonly host: string; readonly port: number };
  /** Recovers, then listens. Errors: smtp.portInUse, smtp.cannotListen. */
  start(): Promise<void>;
  health(): Promise<{ ok: boolean; detail: string }>;
  /** Resolves when every accepted mail is imported. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** The e-mail channel. Create it before `jobs.start()` and `interactions.start()`: it defines a job and takes effects. */
export function createEmailChannel(deps: EmailDeps): EmailChannel {
  const { clock, interactions, logger } = deps;
  const newId = createIds(clock, deps.random);
  const store = createMailStore(deps.connection);
  const files = createMailFiles(join(deps.dataDir, 'mail'));
  const mailboxes = createMailboxes(store, newId);
  const attachments = createAttachments({ store, files, clock, newId });
  const relay = deps.relayUrl === undefined ? undefined : createRelay(deps.relayUrl);
  const outbound = createOutbound({ ...deps, store, mailboxes, attachments, relay, newId });
  const importer = createImporter({ ...deps, store, files, mailboxes, attachments, outbound });
  let listener: SmtpListener | undefined;

  interactions.onEffect('message.send', (effect, interaction) =>
    interaction.channel === 'email' ? outbound.sendMessage(interaction, effect.messageId) : Promise.resolve(),
  );
  // As early as the address is known: at the opening; when the machine finds out who it is; at the latest at the close.
  interactions.onEffect('protocol.opened', (_effect, interaction) =>
    noticeFor(interaction) && interaction.direction === 'inbound'
      ? outbound.notice(interaction)
      : Promise.resolve(),
  );
  interactions.onEffect('protocol.customer', (_effect, interaction) =>
    noticeFor(interaction) && interaction.agent === null ? outbound.notice(interaction) : Promise.resolve(),
  );
  interactions.onEffect('protocol.notice', (_effect, interaction) =>
    noticeFor(interaction) ? outbound.notice(interaction) : Promise.resolve(),
  );

  const receive: SmtpOptions['store'] = async ({ envelopeFrom, recipients }, stream) => {
    const id = newId();
    const spooled = await files.spool(id, stream);
    if (spooled.tooLarge) return 'tooLarge';
    const identity = await mailIdentity(files.path(spooled.file));
    const seen = new Map<string, Mailbox>();
    const stored: MailRecord[] = [];
    for (const recipient of recipients) {
      const mailbox = await mailboxes.find(recipient);
      if (mailbox === undefined || seen.has(mailbox.id)) continue;
      seen.set(mailbox.id, mailbox);
      const mail = record({
        id: newId(),
        mailbox,
        recipient,
        envelopeFrom,
        at: new Date(clock.now()),
        ...spooled,
        ...identity,
      });
      if (await store.insertMail(mail)) stored.push(mail);
    }
    if (stored.length === 0) await files.discard(spooled.file);
    for (const mail of stored) importer.kick(mail);
    return 'stored';
  };

  return {
    mailboxes,
    attachments,
    store,
    path: (file) => files.path(file),
    smtp: deps.smtp,
    async start() {
      await files.clean();
      await importer.recover();
      if (deps.smtp.port === 0) return;
      listener = await listenSmtp({
        ...deps.smtp,
        accepts: async (address) => (await mailboxes.find(address)) !== undefined,
        store: receive,
        onError: (error) => logger.error({ error }, 'inbound mail failed'),
      });
    },
    async health() {
      if (deps.smtp.port === 0) return { ok: true, detail: 'inbound mail is off (SMTP_PORT=0)' };
      const inbound =
        listener === undefined ? 'not listening' : `listening on ${deps.smtp.host}:${listener.port}`;
      const out = relay === undefined ? 'outbox' : (await relay.verify()) ? 'relay' : 'relay does not answer';
      return { ok: listener !== undefined, detail: `${inbound}, out by ${out}` };
    },
    idle: () => importer.idle(),
    async stop() {
      await listener?.stop();
      listener = undefined;
      await importer.stop();
      relay?.close();
    },
  };
}

/**
 * Who wrote has the number in the acknowledgement; the notice is for those who called or chatted. Whom an operator chose by hand
 * is told at the close, when a wrong choice has been corrected; whom we call, when there was a conversation.
 */
const noticeFor = (interaction: Interaction): boolean => interaction.channel !== 'email';

interface Accepted {
  readonly id: string;
  readonly mailbox: Mailbox;
  readonly recipient: string;
  readonly envelopeFrom: string;
  readonly at: Date;
  readonly file: string;
  readonly sha256: string;
  readonly messageId: string | null;
  readonly from: string;
}

function record(mail: Accepted): MailRecord {
  // A sender that uses one Message-ID for all its mails exists; with the From line it is at least one sender's own affair.
  const identity = mail.messageId === null ? mail.sha256 : `${mail.messageId}\n${mail.from}`;
  const dedupKey = createHash('sha256').update(`${mail.mailbox.id}\n${identity}`).digest('hex').slice(0, 40);
  return {
    id: mail.id,
    companyId: mail.mailbox.companyId,
    mailbox: mail.mailbox.id,
    direction: 'inbound',
    status: 'stored',
    dedupKey,
    messageId: mail.messageId,
    references: [],
    envelopeFrom: mail.envelopeFrom,
    recipient: mail.recipient,
    file: mail.file,
    sender: null,
    subject: null,
    subjectKey: null,
    origin: null,
    thread: null,
    protocol: null,
    interactionId: null,
    messageRef: null,
    at: mail.at,
  };
}
