import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
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
export const MARIA = 'maria@cliente.test';

export const ends: (() => Promise<void> | void)[] = [];
/** For each suite's afterEach: what was opened last is closed first. */
export const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).reverse()) await end();
};

/** Jobs that run at once, with as many attempts as a test allows. */
function directJobs(): MailJobs & { settled(): Promise<void> } {
  const handlers = new Map<string, Parameters<MailJobs['define']>[1]>();
  const running = new Set<Promise<void>>();
  return {
    define: (name, handler) => void handlers.set(name, handler),
    add(name, payload, { key }) {
      const work = (async () => {
        for (let attempt = 1; attempt <= 2; attempt++) {
          const failed = await handlers.get(name)!(payload, { attempt, key }).then(
            () => false,
            () => true,
          );
          if (!failed) return;
        }
      })().finally(() => running.delete(work));
      running.add(work);
      return Promise.resolve();
    },
    async settled() {
      await Promise.all(running);
    },
  };
}

export async function rig(
  options: {
    dir?: string;
    relayUrl?: string;
    port?: number;
    emailOf?: (customerId: string) => string | undefined;
    queueFor?: NonNullable<EmailDeps['queueFor']>;
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
  const interactions = createInteractions({
    ...deps,
    store: createInteractionStore(store.connection),
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
    customerByEmail: (_company, address) =>
      Promise.resolve(address === MARIA ? { id: 'm1' as CustomerId, name: 'Maria Souza' } : null),
    emailOf: (_company, customerId) => Promise.resolve((options.emailOf ?? (() => MARIA))(customerId)),
    timeZone: () => 'America/Sao_Paulo',
    async protocolFacts(companyId, number) {
      const found = await protocols.get(companyId, number);
      return found === null ? null : { openedAt: found.openedAt, customerId: found.customer?.id ?? null };
    },
    ...(options.queueFor === undefined ? {} : { queueFor: options.queueFor }),
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
  const contacts = async () => (await interactions.list(COMPANY, {}, { limit: 50 })).items;
  const out = (to = MARIA) => email.store.outbox({ to });
  const take = async () => {
    const [contact] = await contacts();
    const first = await interactions.apply(COMPANY, contact!.id, {
      type: 'offered',
      agentId: 'ana' as AgentId,
      hold: 'h1',
      deadline: new Date(Date.now() + 20_000),
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
  const answer = async (text: string) => {
    const contact = (await contacts())[0]!;
    const message = await interactions.addMessage(
      COMPANY,
      contact.id,
      { direction: 'outbound', author: { kind: 'agent', name: 'Ana' }, from: MAILBOX, to: [MARIA], text },
      { idempotencyKey: `desk:${text}` },
    );
    await settle();
    return message;
  };
  const close = async () => {
    const contact = (await contacts())[0]!;
    await interactions.apply(COMPANY, contact.id, {
      type: 'closed',
      disposition: 'resolvido',
      by: { kind: 'system' },
    });
    await settle();
  };
  /** As if the number had been open for long. */
  const backdate = async (number: string, openedAt: Date) => {
    const stored = (await protocolStore.load(COMPANY, number as ProtocolNumber))!;
    await protocolStore.replace(stored.version, { ...stored, version: stored.version + 1, openedAt });
  };
  return {
    dir,
    port,
    email,
    interactions,
    protocols,
    backdate,
    send,
    raw,
    contacts,
    out,
    take,
    answer,
    close,
    settle,
    stop,
  };
}
