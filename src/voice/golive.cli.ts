import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Config, readConfig } from '../config.ts';
import { checkFlows, fixedParts, type Flow } from '../flows/index.ts';
import { toSentence } from '../platform/terminal.ts';
import { AppError } from '../shared/errors.ts';
import { isLoopback } from '../shared/loopback.ts';
import { withoutLastSlashes } from '../shared/url.ts';
import { type GoLiveFacts, goLiveChecks, serverChecks, type Verdict, verdictLine } from './golive.ts';

/** What an API key needs for the whole list: the scopes of the routes that are asked below. */
const GOLIVE_SCOPES = [
  'admin',
  'admin:mailboxes',
  'admin:read',
  'calendars:read',
  'dids:read',
  'trunks:read',
  'users:read',
];

/** npm run golive: the list before the first real call, asked of the running server. Exit 1 when something required fails. */
const HELP = `npm run golive -- [--user admin] [--url https://…] [--queue N]
  --user   administrador; a senha é pedida, ou lida de GOLIVE_PASSWORD
           no lugar dos dois, GOLIVE_TOKEN: uma chave rk_… de perfil Administrador com estes escopos:
           ${GOLIVE_SCOPES.join(', ')}
  --url    padrão: PUBLIC_URL
  --queue  quantos clientes esperam ao mesmo tempo na hora mais cheia; padrão: um por operador
Use as mesmas variáveis de ambiente do servidor. Sem --user confere só o servidor.`;

const FLOWS = fileURLToPath(new URL('../../ivr-flows', import.meta.url));

const base = { active: z.boolean() };
const lists = {
  trunks: z.object({
    ...base,
    name: z.string(),
    channels: z.number(),
    direction: z.enum(['inbound', 'outbound', 'both']),
  }),
  dids: z.object({ ...base, number: z.string(), flow: z.string() }),
  queues: z.object({ ...base, key: z.string(), calendar: z.string().nullable() }),
  calendars: z.object({ ...base, key: z.string(), weekly: z.record(z.string(), z.array(z.unknown())) }),
  mailboxes: z.object({ ...base, address: z.string(), queue: z.string() }),
  users: z.object({ ...base, username: z.string(), role: z.string(), queues: z.array(z.string()) }),
};

const noticesAnswer = z.object({ items: z.array(z.object({ code: z.string() })) });

type Get = (path: string) => Promise<unknown>;

/** What the server said no to, by its own code. */
function refused(what: string, status: number, text: string): AppError {
  const [, code = 'sem código'] = /"code":"([\w.]+)"/.exec(text) ?? [];
  const [, scope] = /"scope":"([\w:]+)"/.exec(text) ?? [];
  const denied = status === 401 || status === 403 || status === 429;
  const reason = scope === undefined ? code : `${code}, falta o escopo ${scope}`;
  return new AppError(denied ? 'golive.refused' : 'golive.failed', status, `${what}: ${status} ${reason}`);
}

function ask(url: string, token: string): Get {
  return async (path) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw refused(path, response.status, await response.text());
    return (await response.json()) as unknown;
  };
}

async function everyPage<T extends z.ZodType>(get: Get, path: string, item: T): Promise<z.infer<T>[]> {
  const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
  const all: z.infer<T>[] = [];
  for (let query = '?limit=200'; ; ) {
    const { items, nextCursor } = page.parse(await get(`${path}${query}`));
    all.push(...items);
    if (nextCursor === null) return all;
    query = `?limit=200&cursor=${encodeURIComponent(nextCursor)}`;
  }
}

async function readPassword(): Promise<string> {
  const given = process.env['GOLIVE_PASSWORD'];
  if (given !== undefined) return given;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await reader.question('Senha: ')).trim();
  } finally {
    reader.close();
  }
}

async function signIn(url: string, username: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: await readPassword() }),
  });
  if (!response.ok) throw refused(username, response.status, await response.text());
  return z.object({ token: z.string() }).parse(await response.json()).token;
}

async function readReady(url: string): Promise<GoLiveFacts['ready'] & { readonly reached: boolean }> {
  try {
    const response = await fetch(`${url}/readyz`);
    const lines = (await response.text()).split('\n');
    return { reached: true, ok: response.ok, failing: lines.filter((line) => line.includes(' FAILED ')) };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { reached: false, ok: false, failing: [`${url} não responde (${cause})`] };
  }
}

function serverFacts(config: Config): GoLiveFacts['server'] {
  const httpLoopback = isLoopback(config.http.host);
  return {
    production: config.production,
    ownSecretKey: config.secretKey !== undefined,
    httpLoopback,
    secure: httpLoopback || config.http.tls !== undefined || config.http.trustProxy !== undefined,
    publicUrl: config.publicUrl,
    sipLoopback: config.drachtio === undefined && isLoopback(config.sip.host),
    mailRelay: config.smtp.relayUrl !== undefined,
  };
}

const queuesOf = (flow: Flow): string[] =>
  [...flow.nodes.values()].flatMap((node) => (node.kind === 'queue' ? [node.queue] : []));

const recordingsOf = (flow: Flow): string[] =>
  fixedParts(flow).flatMap((part) => (part.kind === 'recording' ? [part.name] : []));

async function flowFacts(): Promise<Pick<GoLiveFacts, 'flows' | 'recordings'>> {
  const checked = await checkFlows(FLOWS);
  const audio = await readdir(join(FLOWS, 'audio')).catch(() => []);
  return {
    flows: checked.map(({ file, flow, faults }) => ({
      file: basename(file),
      faults: faults.filter((fault) => fault.level === 'error').length,
      queues: flow === undefined ? [] : queuesOf(flow),
      recordings: flow === undefined ? [] : recordingsOf(flow),
    })),
    recordings: audio.filter((name) => name.endsWith('.wav')).map((name) => name.slice(0, -4)),
  };
}

async function companyFacts(get: Get) {
  const calendars = await everyPage(get, '/admin/calendars', lists.calendars);
  const users = await everyPage(get, '/admin/users', lists.users);
  return {
    trunks: await everyPage(get, '/admin/trunks', lists.trunks),
    dids: await everyPage(get, '/admin/dids', lists.dids),
    queues: await everyPage(get, '/admin/queues', lists.queues),
    mailboxes: await everyPage(get, '/admin/mailboxes', lists.mailboxes),
    calendars: calendars.map(({ key, active, weekly }) => ({
      key,
      active,
      opens: Object.values(weekly).some((hours) => hours.length > 0),
    })),
    operators: users.filter((user) => user.active && user.role === 'operator'),
  };
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      user: { type: 'string' },
      url: { type: 'string' },
      queue: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const queue = values.queue === undefined ? undefined : Number(values.queue);
  if (queue !== undefined && !(Number.isInteger(queue) && queue >= 0))
    throw new AppError('command.usage', 400, '--queue: um número inteiro de clientes');
  return { ...values, queue };
}

async function collect(options: ReturnType<typeof readOptions>): Promise<Verdict[]> {
  const config = readConfig(process.env);
  const url = withoutLastSlashes(options.url ?? config.publicUrl);
  const about = { server: serverFacts(config), ready: await readReady(url) };
  const key = process.env['GOLIVE_TOKEN'];
  if (key === undefined && options.user === undefined) return serverChecks(about);
  // A server that does not answer is the finding; asking it more would only end in a failed fetch.
  if (!about.ready.reached) return serverChecks(about);
  const token = key ?? (await signIn(url, options.user ?? ''));
  const get = ask(url, token);
  const company = await companyFacts(get);
  const expectedQueue = options.queue ?? company.operators.length;
  const notices = noticesAnswer.parse(await get('/notices'));
  const demoData = notices.items.some(({ code }) => code === 'demo.inProduction');
  const server = { ...about.server, demoData };
  return goLiveChecks({ ...about, server, ...company, ...(await flowFacts()), expectedQueue });
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help === true) {
    console.log(HELP);
    return;
  }
  const verdicts = await collect(options);
  const failed = verdicts.filter((verdict) => verdict.required && !verdict.ok);
  const end = failed.length === 0 ? 'Pronto.' : `Falta: ${failed.map(({ name }) => name).join(', ')}.`;
  console.log([...verdicts.map(verdictLine), '', end].join('\n'));
  if (failed.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(toSentence(error));
  process.exitCode = 1;
});
