import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { WAVE, wavHeader } from '../../src/voice/media/wav.ts';
import { eventually, PASSWORD, type Product } from './product.ts';

/** One who asks, with what to ask with. */
export interface Asker {
  readonly name: string;
  readonly company: string;
  readonly token: string;
}

/** One thing of each kind, all of one company, the work of its queue `norte`. */
export interface Side {
  readonly company: string;
  /** Stands in every text of the company. */
  readonly canary: string;
  /** Stands in every text of its queue `norte`. */
  readonly north: string;
  readonly companyId: string;
  /** A contact in the hands of norte's operator, and one that waits there. */
  readonly held: {
    readonly id: string;
    readonly protocol: string;
    readonly file: string;
    readonly message: string;
    /** The customer's own mail in it. */
    readonly mail: string;
  };
  readonly waiting: { readonly id: string; readonly protocol: string };
  /** A file that norte's operator uploaded and did not send. */
  readonly upload: string;
  readonly ids: Readonly<
    Record<'user' | 'queue' | 'did' | 'trunk' | 'calendar' | 'mailbox' | 'setAside' | 'apiKey', string>
  >;
  readonly number: string;
  /** Of the demo's customers; the second company has none, and `none` is its. */
  readonly customer: string;
  readonly admin: Asker;
  readonly supervisor: Asker;
  /** Operators of norte and of sul. */
  readonly norte: Asker;
  readonly sul: Asker;
  /** A key of role admin with every scope, and one of role operator for sul with every scope. */
  readonly key: Asker;
  readonly sulKey: Asker;
}

type Ask = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;

export function asking(product: Product, token: string): Ask {
  return async <T>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${product.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  };
}

async function login(product: Product, company: string, username: string): Promise<Asker> {
  const answer = await fetch(`${product.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  return { name: username, company, token: ((await answer.json()) as { token: string }).token };
}

const WEEK = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, []]),
);

/** A mail of a customer, or of a machine. */
export async function sendTo(
  product: Product,
  side: { to: string; from: string; words: string; machine?: boolean; inReplyTo?: string },
): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: product.smtpPort,
    secure: false,
    ignoreTLS: true,
  });
  try {
    await transport.sendMail({
      from: side.from,
      to: side.to,
      subject: side.words,
      ...(side.inReplyTo === undefined ? {} : { inReplyTo: side.inReplyTo, references: side.inReplyTo }),
      text: `${side.words}, texto`,
      ...(side.machine === true
        ? { headers: { 'Auto-Submitted': 'auto-generated' } }
        : { attachments: [{ filename: `${side.words}.txt`, content: `${side.words}, anexo` }] }),
    });
  } finally {
    transport.close();
  }
}

/** The demo's company and a second one, alike to the keys of their queues, each with one thing of each kind. */
export async function twoCompanies(product: Product): Promise<readonly [Side, Side]> {
  const admin = await login(product, 'exemplo', 'admin');
  const ask = asking(product, admin.token);
  await ask('POST', '/admin/companies', {
    key: 'vizinha',
    name: 'KANARIO-vizinha-casa',
    admin: { username: 'dona', name: 'KANARIO-vizinha-casa Dona', password: PASSWORD },
  });
  return [
    await furnish(product, admin, '+551140005001'),
    await furnish(product, await login(product, 'vizinha', 'dona'), '+551140005002'),
  ];
}

interface Line {
  readonly id: string;
}

async function furnish(product: Product, admin: Asker, number: string): Promise<Side> {
  const { company } = admin;
  const canary = `KANARIO-${company}`;
  const north = `${canary}-norte`;
  const ask = asking(product, admin.token);
  const add = (path: string, body: object) => ask<Line & { key?: string }>('POST', `/admin/${path}`, body);
  for (const key of ['norte', 'sul', `so-${company}`])
    await add('queues', { key, name: `${canary}-${key}`, allowTake: true });
  const people = await furnishPeople(product, admin, canary);
  const { items: scopes } = await ask<{ items: string[] }>('GET', '/admin/api-keys/scopes');
  const keyOf = async (name: string, role: string, queues: readonly string[]) => {
    const made = await add('api-keys', { name: `${canary}-${name}`, role, queues, scopes });
    return { id: made.id, asker: { name: `${company} ${name}`, company, token: made.key ?? '' } };
  };
  const key = await keyOf('chave', 'admin', []);
  const sulKey = await keyOf('chave-sul', 'operator', ['sul']);
  const mailboxes = await Promise.all(
    ['norte', 'sul'].map((queue) =>
      add('mailboxes', {
        address: `${queue}@${company}.test`,
        queue,
        name: `${canary}-${queue}`,
        acknowledge: false,
      }),
    ),
  );
  const calendar = await add('calendars', { key: `horas-${company}`, name: `${canary}-horas`, weekly: WEEK });
  const did = await add('dids', { number, flow: 'principal.yaml', description: `${canary}-did` }).catch(
    // The demo's flow leads to the demo's queues: the second company has none of them yet.
    async () => {
      for (const queue of ['suporte', 'financeiro', 'retencao', 'ouvidoria'])
        await ask('POST', '/admin/queues', { key: queue, name: `${canary}-${queue}` });
      return add('dids', { number, flow: 'principal.yaml', description: `${canary}-did` });
    },
  );
  const trunk = await add('trunks', {
    name: `${canary}-tronco`,
    channels: 2,
    direction: 'inbound',
    digest: { username: `t-${company}`, password: 'segredo do tronco' },
  });
  return {
    company,
    canary,
    north,
    number,
    customer: (await ask<{ items: Line[] }>('GET', '/customers?q=Maria')).items[0]?.id ?? 'none',
    admin,
    ...people.askers,
    key: key.asker,
    sulKey: sulKey.asker,
    ...(await furnishWork(product, admin, people.askers.norte, north)),
    companyId: (await ask<Line>('GET', '/admin/company')).id,
    ids: {
      user: people.norteId,
      queue: `so-${company}`,
      did: did.id,
      trunk: trunk.id,
      calendar: calendar.id,
      mailbox: mailboxes[0]?.id ?? '',
      setAside: await setAside(product, admin, north),
      apiKey: key.id,
    },
  };
}

async function furnishPeople(product: Product, { company, token }: Asker, canary: string) {
  const ask = asking(product, token);
  const add = async (name: string, role: string, queues: readonly string[]) => {
    const username = `${company}.${name}`;
    const body = { username, name: `${canary}-${name} Pessoa`, role, queues, password: PASSWORD };
    const { id } = await ask<Line>('POST', '/admin/users', body);
    return { id, asker: await login(product, company, username) };
  };
  const supervisor = await add('chefe', 'supervisor', []);
  const norte = await add('norte', 'operator', ['norte']);
  const sul = await add('sul', 'operator', ['sul']);
  return {
    norteId: norte.id,
    askers: { supervisor: supervisor.asker, norte: norte.asker, sul: sul.asker },
  };
}

type Contact = Line & { readonly protocol: string; readonly subject: string; readonly state: string };

async function arrived(product: Product, admin: Asker, subject: string) {
  const ask = asking(product, admin.token);
  const { items } = await eventually(
    `the contact ${subject}`,
    () => ask<{ items: Contact[] }>('GET', '/interactions?queue=norte'),
    (page) => page.items.some((one) => one.subject === subject && one.state === 'queued'),
  );
  const { id, protocol } = items.find((one) => one.subject === subject) as Contact;
  return { id, protocol };
}

/** A contact in hand with all that can hang on one, and one that waits. */
async function furnishWork(product: Product, admin: Asker, norte: Asker, north: string) {
  const to = `norte@${admin.company}.test`;
  await sendTo(product, { to, from: `um@${admin.company}.cliente.test`, words: `${north}-um` });
  const held = await arrived(product, admin, `${north}-um`);
  const own = asking(product, norte.token);
  // Nothing is offered in a pause, and what was taken stays; offline it would go back.
  await own('PUT', '/me/presence', { state: 'paused', reason: 'training' });
  await own('POST', `/interactions/${held.id}/take`);
  await own('POST', `/interactions/${held.id}/notes`, { text: `${north}-nota` });
  const message = await own<Line>('POST', `/interactions/${held.id}/messages`, { text: `${north}-resposta` });
  await own('PATCH', `/protocols/${held.protocol}`, { subject: `${north}-assunto` });
  const sent = await fetch(`${product.url}/api/v1/attachments?filename=${north}-rascunho.txt`, {
    method: 'POST',
    headers: { authorization: `Bearer ${norte.token}`, 'content-type': 'text/plain' },
    body: `${north}-rascunho`,
  });
  const upload = ((await sent.json()) as Line).id;
  const { timeline } = await own<{ timeline: { message?: { id: string; direction: string } }[] }>(
    'GET',
    `/interactions/${held.id}`,
  );
  const mail = timeline.find(({ message: one }) => one?.direction === 'inbound')?.message?.id ?? '';
  const file = /"attachments":\[\{"id":"([^"]+)"/.exec(JSON.stringify(timeline))?.[1] ?? '';
  await sendTo(product, { to, from: `dois@${admin.company}.cliente.test`, words: `${north}-dois` });
  const waiting = await arrived(product, admin, `${north}-dois`);
  const companyId = (await asking(product, admin.token)<Line>('GET', '/admin/company')).id;
  record(product, companyId, held.id);
  return { held: { ...held, file, mail, message: message.id }, waiting, upload };
}

/** Half a second of two silent channels, as calls are kept. */
function record({ dataDir }: Product, companyId: string, id: string): void {
  const sound = Buffer.alloc(8_000, 0xff);
  const head = wavHeader(WAVE.mulaw, 2, 8_000, sound.length);
  mkdirSync(join(dataDir, 'recordings', companyId), { recursive: true });
  writeFileSync(join(dataDir, 'recordings', companyId, `${id}.wav`), Buffer.concat([head, sound]));
}

async function setAside(product: Product, admin: Asker, north: string): Promise<string> {
  const words = `${north}-robo`;
  await sendTo(product, {
    to: `norte@${admin.company}.test`,
    from: 'robo@maquina.test',
    words,
    machine: true,
  });
  const ask = asking(product, admin.token);
  const { items } = await eventually(
    'a mail set aside',
    () => ask<{ items: (Line & { subject: string })[] }>('GET', '/admin/mailboxes/set-aside'),
    (page) => page.items.some(({ subject }) => subject === words),
  );
  return items.find(({ subject }) => subject === words)?.id ?? '';
}
