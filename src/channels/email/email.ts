import type { EngineFact, EngineSaying, HealthResult } from '../../contracts/engines.ts';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Place } from '../../access/index.ts';
import type { Interaction, Interactions, Message } from '../../interactions/index.ts';
import type { Logger } from '../../platform/log/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { CompanyId, InteractionId } from '../../shared/ids.ts';
import { createIds } from '../../shared/ids-factory.ts';
import type { Random } from '../../shared/random.ts';
import { createAttachments, type Attachments } from './attachments.ts';
import { createMailFiles, type MailFiles } from './files.ts';
import type { MailId } from './domain/threads.ts';
import { createImporter, type Importer, type ImportState } from './importer.ts';
import { createMailboxes, type Mailboxes } from './mailboxes.ts';
import { createOriginals, type Originals } from './originals.ts';
import { createOutbound } from './outbound.ts';
import { mailIdentity } from './parse.ts';
import {
  createMailParser,
  PARSE_FAULTS,
  type MailParser,
  type ParserOptions,
  type ParserState,
} from './parser.ts';
import type {
  CustomerByEmail,
  EmailOfCustomer,
  MailJobs,
  ProtocolFacts,
  QueueFor,
  TimeZoneOf,
} from './ports.ts';
import { createRelay } from './relay.ts';
import { createRelayHealth } from './relay-health.ts';
import { createUploadQuota, type UploadLimits } from './quota.ts';
import { createSetAside, type SetAside } from './set-aside.ts';
import { listenSmtp, type SmtpListener, type SmtpOptions } from './smtp.ts';
import { createSweep, type Swept } from './sweep.ts';
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
  /** How much may come up from the desks. */
  readonly uploads: UploadLimits;
  /** Limits of the thread that reads mails. */
  readonly parser?: Pick<ParserOptions, 'deadlineMs' | 'heapMb'>;
}

export interface EmailChannel {
  readonly mailboxes: Mailboxes;
  readonly attachments: Attachments;
  readonly originals: Originals;
  readonly setAside: SetAside;
  readonly store: MailStore;
  /** Errors: message.notFound 404, message.notFailed 409. */
  sendAgain(interaction: Interaction, messageId: string): Promise<Message>;
  /** Where the raw files and attachments lie. */
  path(file: string): string;
  readonly smtp: { readonly host: string; readonly port: number };
  /** Recovers, then listens. Errors: smtp.portInUse, smtp.cannotListen. */
  start(): Promise<void>;
  health(): Promise<HealthResult>;
  /** Of the way out; absent without SMTP_URL. */
  readonly relayHealth: (() => Promise<HealthResult>) | undefined;
  /** Since the oldest mail was accepted that stands in no queue yet, ms; 0: there is none. */
  oldestWaitMs(): number;
  /** Resolves when every accepted mail is imported. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const SWEEP_JOB = 'mail.sweep';
const SWEEP_MS = 3_600_000;

/** The e-mail channel. Create it before `jobs.start()` and `interactions.start()`: it defines a job and takes effects. */
export function createEmailChannel(deps: EmailDeps): EmailChannel {
  const { clock, interactions, logger } = deps;
  const newId = createIds(clock, deps.random);
  const store = createMailStore(deps.connection);
  const files = createMailFiles(join(deps.dataDir, 'mail'));
  const mailboxes = createMailboxes(store, newId);
  const admit = createUploadQuota({ store, clock, limits: deps.uploads });
  const attachments = createAttachments({
    store,
    files,
    clock,
    newId,
    admit,
    placeOf: placeIn(interactions),
  });
  const relay = deps.relayUrl === undefined ? undefined : createRelay(deps.relayUrl);
  const outbound = createOutbound({ ...deps, store, mailboxes, attachments, relay, newId });
  const parser = createMailParser({ clock, logger, ...deps.parser });
  const importer = createImporter({ ...deps, parser, store, files, mailboxes, attachments, outbound });
  const relayHealth = relay === undefined ? undefined : createRelayHealth(relay, clock);
  const setAside = createSetAside({ store, files, mailboxes, importer, parser });
  let listener: SmtpListener | undefined;
  defineSweep(deps, createSweep({ store, files, clock }));

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

  const receive = createReceiver({ store, files, mailboxes, importer, newId, clock });

  return {
    mailboxes,
    attachments,
    originals: createOriginals({ store, files, placeOf: placeIn(interactions) }),
    setAside,
    store,
    sendAgain: (interaction, messageId) => outbound.sendAgain(interaction, messageId),
    path: (file) => files.path(file),
    smtp: deps.smtp,
    async start() {
      await files.clean();
      await importer.recover();
      await outbound.recover();
      await deps.jobs.every(SWEEP_JOB, { everyMs: SWEEP_MS });
      if (deps.smtp.port === 0) return;
      listener = await listenSmtp({
        ...deps.smtp,
        clock,
        accepts: async (address) => (await mailboxes.find(address)) !== undefined,
        store: receive,
        onError: (error) => logger.error({ error }, 'inbound mail failed'),
      });
    },
    health: () => inboundHealth(deps.smtp, listener, { parser, importer, store }),
    relayHealth: relayHealth === undefined ? undefined : () => relayHealth.health(),
    oldestWaitMs: () => importer.state().oldestMs,
    idle: () => importer.idle(),
    async stop() {
      await listener?.stop();
      listener = undefined;
      const imported = importer.stop();
      await parser.stop();
      await imported;
      relay?.close();
    },
  };
}

function defineSweep({ jobs, logger }: EmailDeps, sweep: () => Promise<Swept>): void {
  jobs.define(SWEEP_JOB, async () => {
    const { uploads, files } = await sweep();
    if (uploads + files > 0) logger.info({ uploads, files }, 'files that nobody sent were removed');
  });
}

/** Takes a mail from the listener: on the disk first, then a record for each of our mailboxes that it names. */
function createReceiver({
  store,
  files,
  mailboxes,
  importer,
  newId,
  clock,
}: {
  readonly store: MailStore;
  readonly files: MailFiles;
  readonly mailboxes: Mailboxes;
  readonly importer: Importer;
  readonly newId: () => string;
  readonly clock: Clock;
}): SmtpOptions['store'] {
  return async ({ envelopeFrom, recipients, client }, stream) => {
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
        client,
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
}

async function inboundHealth(
  smtp: EmailDeps['smtp'],
  listener: SmtpListener | undefined,
  {
    parser,
    importer,
    store,
  }: { readonly parser: MailParser; readonly importer: Importer; readonly store: MailStore },
): Promise<HealthResult> {
  if (smtp.port === 0)
    return {
      ok: true,
      detail: 'inbound mail is off (SMTP_PORT=0)',
      facts: [{ says: 'smtpOff' }],
    };
  const address = listener === undefined ? null : `${smtp.host}:${listener.port}`;
  const reading = readingOf(parser.state(), importer.state(), await store.countSetAside(PARSE_FAULTS));
  const first: EngineFact =
    address === null ? { says: 'smtpDeaf' } : { says: 'smtpHere', values: { address } };
  return {
    ok: address !== null,
    detail: [
      address === null ? 'not listening' : `listening on ${address}`,
      ...reading.map(({ words }) => words),
    ].join(', '),
    facts: [first, ...reading.map(({ fact }) => fact)],
  };
}

/** What there is to tell of mails that are hard to read; nothing when there are none. */
function readingOf(
  { busyMs, faults }: ParserState,
  { waiting, oldestMs }: ImportState,
  aside: number,
): readonly { readonly words: string; readonly fact: EngineFact }[] {
  const told = (
    says: EngineSaying,
    count: number,
    words: string,
    more: Readonly<Record<string, number>> = {},
  ) => (count > 0 ? [{ words, fact: { says, values: { count, ...more } } }] : []);
  const seconds = Math.floor((busyMs ?? 0) / 1000);
  const oldest = Math.floor(oldestMs / 1000);
  return [
    ...told('mailLong', seconds, `reading a mail for ${seconds} s`),
    ...told('mailsUnread', waiting, `${waiting} waiting to be read, the oldest for ${oldest} s`, {
      seconds: oldest,
    }),
    ...told('mailsInPart', faults, `${faults} not read in full since the start`),
    ...told('mailsAside', aside, `${aside} set aside unread`),
  ];
}

/** Where a contact stands. Ids of the store are what they were when they were written. */
const placeIn =
  ({ get }: Pick<Interactions, 'get'>) =>
  async (companyId: string, id: string): Promise<Place | null> => {
    const contact = await get(companyId as CompanyId, id as InteractionId);
    return contact === null ? null : { queue: contact.queue, agentId: contact.agent?.id ?? null };
  };

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
  readonly client: string;
  readonly at: Date;
  readonly file: string;
  readonly sha256: string;
  readonly bodySha256: string;
  readonly bytes: number;
  readonly messageId: MailId | null;
  readonly says: string;
}

function record(mail: Accepted): MailRecord {
  // Programs exist that send all their mails under one Message-ID, so what it says counts too. What was added on the way does not: the
  // same mail comes twice with other Received lines. Without an id every byte counts.
  const identity =
    mail.messageId === null ? mail.sha256 : [mail.messageId, mail.says, mail.bodySha256].join('\n');
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
    client: mail.client,
    recipient: mail.recipient,
    file: mail.file,
    bytes: mail.bytes,
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
