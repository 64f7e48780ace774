import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { expect } from 'vitest';
import { createEmailChannel, type EmailDeps, type MailJobs } from '../../src/channels/email/index.ts';
import { createInteractions, createInteractionStore } from '../../src/interactions/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { openStore } from '../../src/platform/store/index.ts';
import { createProtocols, createProtocolStore } from '../../src/protocols/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { AgentId, CompanyId, CustomerId, ProtocolNumber } from '../../src/shared/ids.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { freePort } from '../support/ports.ts';

export const COMPANY = 'c1' as CompanyId;
export const MAILBOX = 'suporte@exemplo.test';
const PLENTY = {
  person: { files: 1000, bytes: 1e9 },
  company: { files: 1000, bytes: 1e9 },
};
export const MARIA = 'maria@cliente.test';

export const ends: (() => Promise<void> | void)[] = [];
/** For each suite's afterEach: what was opened last is closed first. */
export const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).reverse()) await end();
};

/** Jobs that run at once; those with a delay when the test says that it is over. */
function directJobs(): MailJobs & {
  settled(): Promise<void>;
  due(): readonly number[];
  elapse(): Promise<void>;
} {
  const handlers = new Map<string, Parameters<MailJobs['define']>[1]>();
  const running = new Set<Promise<void>>();
  /** As the product's jobs do: what was added under a key is not added again. */
  const keys = new Set<string>();
  const waiting: { name: string; payload: unknown; key: string; delayMs: number }[] = [];
  const start = (name: string, payload: unknown, key: string): void => {
    const work = handlers.get(name)!(payload, { attempt: 1, key }).finally(() => running.delete(work));
    running.add(work);
  };
  const settled = async () => {
    while (running.size > 0) await Promise.all(running);
  };
  return {
    define: (name, handler) => void handlers.set(name, handler),
    add(name, payload, { key, delayMs = 0 }) {
      const full = `${name} ${key}`;
      if (keys.has(full)) return Promise.resolve();
      keys.add(full);
      if (delayMs > 0) waiting.push({ name, payload, key, delayMs });
      else start(name, payload, key);
      return Promise.resolve();
    },
    every: () => Promise.resolve(),
    settled,
    due: () => waiting.map(({ delayMs }) => delayMs),
    async elapse() {
      for (const { name, payload, key } of waiting.splice(0)) start(name, payload, key);
      await settled();
    },
  };
}

/** A mail server of somebody else, that answers as it is told. */
export async function outside(
  answers: (number | undefined)[] = [],
  options: {
    readonly port?: number;
    /** What each recipient is answered, once for every code. */
    readonly recipients?: Record<string, (number | undefined)[]>;
    /** Each mail is answered when this has come. */
    readonly before?: () => Promise<void>;
    /** Given: the password it wants; read at each login. */
    readonly password?: () => string;
  } = {},
) {
  const got: string[] = [];
  const envelopes: string[][] = [];
  const { password } = options;
  const server = new SMTPServer({
    authOptional: password === undefined,
    allowInsecureAuth: true,
    disabledCommands: password === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    logger: false,
    onAuth: (auth, _session, callback) =>
      auth.password === password?.()
        ? callback(null, { user: 'ramal' })
        : callback(Object.assign(new Error('bad password'), { responseCode: 535 })),
    onRcptTo(address, _session, callback) {
      const code = options.recipients?.[address.address]?.shift();
      callback(code === undefined ? null : Object.assign(new Error('no'), { responseCode: code }));
    },
    onData(stream, session, callback) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const answer = (): void => {
        const code = answers.shift();
        if (code === undefined) {
          got.push(text);
          envelopes.push(session.envelope.rcptTo.map(({ address }) => address));
        }
        callback(code === undefined ? null : Object.assign(new Error('no'), { responseCode: code }));
      };
      stream.on('end', () => void (options.before?.() ?? Promise.resolve()).then(answer));
    },
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server.server, 'listening');
  ends.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const login = password === undefined ? '' : 'ramal:secret@';
  return { got, envelopes, url: `smtp://${login}127.0.0.1:${port}` };
}

export async function rig(
  options: {
    dir?: string;
    relayUrl?: string;
    port?: number;
    emailOf?: (customerId: string) => string | undefined;
    queueFor?: NonNullable<EmailDeps['queueFor']>;
    uploads?: EmailDeps['uploads'];
    parser?: NonNullable<EmailDeps['parser']>;
  } = {},
) {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'ramal-mail-'));
  if (options.dir === undefined) ends.push(() => rmSync(dir, { recursive: true, force: true }));
  const store = await openStore({ kind: 'embedded', dataDir: dir });
  const deps = { clock: systemClock, random: systemRandom, logger: silentLogger() };
  const protocolStore = createProtocolStore(store.connection);
  const protocols = createProtocols({
    store: protocolStore,
    clock: systemClock,
    timeZone: () => 'America/Sao_Paulo',
  });
  const interactionStore = createInteractionStore(store.connection);
  const interactions = createInteractions({
    ...deps,
    store: interactionStore,
    protocols,
  });
  const jobs = directJobs();
  const port = options.port ?? (await freePort());
  const email = createEmailChannel({
    ...deps,
    connection: store.connection,
    interactions,
    jobs,
    dataDir: dir,
    smtp: { host: '127.0.0.1', port },
    relayUrl: options.relayUrl,
    uploads: options.uploads ?? PLENTY,
    customerByEmail: (_company, address) =>
      Promise.resolve(address === MARIA ? { id: 'm1' as CustomerId, name: 'Maria Souza' } : null),
    emailOf: (_company, customerId) => Promise.resolve((options.emailOf ?? (() => MARIA))(customerId)),
    timeZone: () => 'America/Sao_Paulo',
    async protocolFacts(companyId, number) {
      const found = await protocols.get(companyId, number);
      return found === null ? null : { openedAt: found.openedAt, customerId: found.customer?.id ?? null };
    },
    ...(options.queueFor === undefined ? {} : { queueFor: options.queueFor }),
    ...(options.parser === undefined ? {} : { parser: options.parser }),
  });
  await store.ensureIndexes();
  let running = true;
  const stop = async () => {
    if (!running) return;
    running = false;
    await email.stop();
    await interactions.stop();
    await store.stop();
  };
  ends.push(stop);
  await email.start();
  await interactions.start();
  if ((await email.mailboxes.find(MAILBOX)) === undefined)
    await email.mailboxes.create(COMPANY, { address: MAILBOX, name: 'Suporte', queue: 'suporte' });
  const settle = async () => {
    await email.idle();
    await interactions.idle();
    await jobs.settled();
  };
  const send = async (mail: SendMailOptions) => {
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    try {
      return await transport.sendMail({
        from: MARIA,
        to: MAILBOX,
        subject: 'Sem sinal',
        text: 'Caiu.',
        ...mail,
      });
    } finally {
      transport.close();
      await settle();
    }
  };
  const raw = (name: string) =>
    readFileSync(new URL(`../../src/channels/email/fixtures/${name}.eml`, import.meta.url));
  /** A fixture as it came, with the id of a mail of ours where it quotes one. */
  const sendRaw = (name: string, from: string, quoting = '') =>
    send({
      raw: raw(name).toString('latin1').replaceAll('ID-OF-OUR-ANSWER', quoting),
      envelope: { from, to: MAILBOX },
    });
  const contacts = async () => (await interactions.list(COMPANY, {}, { limit: 50 })).items;
  const out = (to = MARIA) => email.store.outbox({ to });
  const take = async () => {
    const [contact] = await contacts();
    const first = await interactions.apply(COMPANY, contact!.id, {
      type: 'offered',
      agentId: 'ana' as AgentId,
      hold: 'h1',
      ringMs: 20_000,
      wrapUpMs: 0,
    });
    expect(first.ok).toBe(true);
    const second = await interactions.apply(COMPANY, contact!.id, {
      type: 'accepted',
      agentId: 'ana' as AgentId,
    });
    expect(second.ok).toBe(true);
    return contact!;
  };
  const answer = async (text: string, cc: readonly string[] = []) => {
    const contact = (await contacts())[0]!;
    const message = await interactions.addMessage(
      COMPANY,
      contact.id,
      {
        direction: 'outbound',
        author: { kind: 'agent', name: 'Ana' },
        from: MAILBOX,
        to: [contact.contact.address],
        cc,
        text,
      },
      { idempotencyKey: `desk:${text}` },
    );
    await settle();
    return message;
  };
  /** The newest contact is closed; what follows from it may be under way. */
  const end = async () => {
    const contact = (await contacts())[0]!;
    await interactions.apply(COMPANY, contact.id, {
      type: 'closed',
      disposition: 'resolvido',
      by: { kind: 'system' },
    });
  };
  const close = async () => {
    await end();
    await settle();
  };
  /** As if the number had been open for long. */
  const backdate = async (number: string, openedAt: Date) => {
    const stored = (await protocolStore.load(COMPANY, number as ProtocolNumber))!;
    await protocolStore.replace(stored.version, { ...stored, version: stored.version + 1, openedAt });
  };
  return {
    dir,
    jobs,
    port,
    email,
    interactions,
    interactionStore,
    protocols,
    backdate,
    send,
    raw,
    sendRaw,
    contacts,
    out,
    take,
    answer,
    end,
    close,
    settle,
    stop,
  };
}
