import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from './shared/errors.ts';
import { isLoopback } from './shared/loopback.ts';
import { withoutLastSlashes } from './shared/url.ts';

/**
 * The environment, parsed once (contract.md, "Environment"). Every bad or missing variable is named at once.
 * Nothing else in the product reads the environment.
 */
const port = z
  .string()
  .regex(/^\d{1,5}$/, 'precisa ser uma porta, de 0 a 65535')
  .transform(Number)
  .refine((number) => number <= 65535, 'precisa ser uma porta, de 0 a 65535');
const amount = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'precisa ser um número inteiro, de 1 em diante')
  .transform(Number);
const optional = z.string().min(1).optional();
const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `precisa ser um destes: ${values.join(', ')}`);
const atLeast = (length: number) => z.string().min(length, `precisa ter ${length} caracteres ou mais`);

const isUrl = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1));
const url = (...protocols: string[]) =>
  z
    .string()
    .refine((text) => isUrl(text, protocols), `precisa ser uma URL com ${protocols.join(' ou ')}`)
    .optional();

const isDecodable = (text: string): boolean => {
  try {
    const { username, password } = new URL(text);
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
};
/** With a name and a password that its library decodes. */
const urlOfService = (...protocols: string[]) =>
  url(...protocols).refine(
    (text) => text === undefined || !URL.canParse(text) || isDecodable(text),
    'tem um % que não é um escape: escreva %25 no lugar dele',
  );

/** A literal address. Names would have to be resolved, and SDP, Contact and UDP sockets take addresses only. */
const address = z
  .string()
  .transform((text) => (text === 'localhost' ? '127.0.0.1' : text))
  .refine((text) => isIP(text) !== 0, 'precisa ser um endereço IP');
/** Where a listener may take a name of this machine too. */
const host = z
  .string()
  .transform((text) => (text === 'localhost' ? '127.0.0.1' : text))
  .refine(
    // What has only digits and dots was meant as an address.
    (text) => isIP(text) !== 0 || (/^[\w.-]+$/.test(text) && /[^\d.]/.test(text)),
    'precisa ser um endereço IP ou o nome desta máquina',
  );

const isNetwork = (text: string): boolean => {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [, ip = '', , bits] = /^([^/]+)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(ip);
  return version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128);
};
const proxies = z
  .string()
  .refine(
    (text) => /^(true|false|\d{1,2})$/.test(text) || text.split(',').every((part) => isNetwork(part.trim())),
    'precisa ser true, o número de proxies, ou endereços como loopback, 10.0.0.0/8',
  );
const isOrigin = (text: string): boolean =>
  isUrl(text, ['http', 'https']) && new URL(text).origin === text.replace(/\/$/, '').toLowerCase();
const origins = z
  .string()
  .refine(
    (text) => text.split(',').every((part) => isOrigin(part.trim())),
    'precisa ser uma lista de origens separadas por vírgula, como https://intranet.exemplo',
  );
/** A replica set names several hosts, which is no URL to the WHATWG's parser. */
const mongodb = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/[^\s/]+/, 'precisa ser uma URL com mongodb ou mongodb+srv');
const freeswitches = z
  .string()
  .refine(
    (text) => text.split(',').every((part) => isUrl(part.trim(), ['esl'])),
    'precisa ser uma lista de URLs com esl, separadas por vírgula',
  );

/** `data` in the repository, wherever the program is started from; src/ and dist/ lie at the same depth. */
const DEFAULT_DATA_DIR = fileURLToPath(new URL('../data', import.meta.url));

const environment = z.object({
  NODE_ENV: oneOf('development', 'production', 'test').default('development'),
  HTTP_HOST: host.default('127.0.0.1'),
  HTTP_PORT: port.default(3000),
  TLS_CERT: optional,
  TLS_KEY: optional,
  TRUST_PROXY: proxies.optional(),
  PUBLIC_URL: url('http', 'https'),
  ALLOWED_ORIGINS: origins.optional(),
  DATA_DIR: z.string().min(1).default(DEFAULT_DATA_DIR),
  SIP_HOST: address.default('127.0.0.1'),
  SIP_PORT: port.default(5060),
  RTP_PORT_MIN: port.default(20000),
  RTP_PORT_MAX: port.default(20999),
  ADVERTISE_ADDRESS: address.optional(),
  SMTP_HOST: host.default('127.0.0.1'),
  SMTP_PORT: port.default(2525),
  SMTP_URL: url('smtp', 'smtps'),
  SEED: oneOf('demo', 'none').optional(),
  SEED_PASSWORD: atLeast(8).optional(),
  SAMPLE_ERP_PORT: port.default(3001),
  MONGODB_URL: mongodb.optional(),
  REDIS_URL: urlOfService('redis', 'rediss'),
  DRACHTIO_URL: urlOfService('drachtio'),
  DRACHTIO_WS_URL: url('ws', 'wss'),
  FREESWITCH_URLS: freeswitches.optional(),
  // Parsed so that a bad one is told; the Twilio channel that reads it comes with a later release.
  TWILIO_API_BASE: url('http', 'https'),
  SECRET_KEY: atLeast(32).optional(),
  METRICS_TOKEN: atLeast(16).optional(),
  UPLOAD_PERSON_HOUR_FILES: amount.default(200),
  UPLOAD_PERSON_HOUR_MB: amount.default(500),
  UPLOAD_COMPANY_DAY_FILES: amount.default(5_000),
  UPLOAD_COMPANY_DAY_MB: amount.default(10_000),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
});

type Environment = z.infer<typeof environment>;

export interface Config {
  readonly production: boolean;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly tls?: { readonly cert: string; readonly key: string } | undefined;
    readonly trustProxy?: string | undefined;
  };
  /** Base of webhooks, links and wsUrl, without a slash at the end. */
  readonly publicUrl: string;
  /** Pages beside publicUrl that may open WebSockets. */
  readonly allowedOrigins: readonly string[];
  readonly dataDir: string;
  readonly sip: { readonly host: string; readonly port: number; readonly advertiseAddress: string };
  readonly rtp: {
    readonly portMin: number;
    readonly portMax: number;
    readonly host: string;
    readonly advertiseAddress: string;
  };
  readonly smtp: { readonly host: string; readonly port: number; readonly relayUrl?: string | undefined };
  /** What may come up from the desks: of one person in an hour, of a whole company in a day. */
  readonly uploads: {
    readonly person: { readonly files: number; readonly bytes: number };
    readonly company: { readonly files: number; readonly bytes: number };
  };
  readonly seed: { readonly mode: 'demo' | 'none' | 'auto'; readonly password?: string | undefined };
  readonly sampleErpPort: number;
  readonly mongodbUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly drachtio?: { readonly url: string; readonly wsUrl?: string | undefined } | undefined;
  readonly freeswitchUrls: readonly string[];
  readonly secretKey?: string | undefined;
  /** Bearer token of `/metrics`; without one only this machine may read it. */
  readonly metricsToken?: string | undefined;
  readonly logLevel: Environment['LOG_LEVEL'];
}

/** Expected: every fault of the environment, one a line of the message; code `config.invalid`. */
export class ConfigError extends AppError {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super('config.invalid', 500, faults.map((fault) => `· ${fault}`).join('\n'));
    this.faults = faults;
  }
}

/** Of several listeners on one TCP port the second would blame "another program". */
function portFaults(env: Partial<Environment>): string[] {
  const names = ['HTTP_PORT', 'SIP_PORT', 'SMTP_PORT', 'SAMPLE_ERP_PORT'] as const;
  return names.flatMap((name, at) => {
    const twin = names.slice(0, at).find((other) => env[other] !== 0 && env[other] === env[name]);
    return twin === undefined || env[name] === undefined ? [] : [`${name}: a mesma porta de ${twin}`];
  });
}

function productionFaults({ SEED }: Partial<Environment>, withoutKey: boolean): string[] {
  return [
    ...(withoutKey ? ['SECRET_KEY: obrigatória em produção'] : []),
    ...(SEED === 'demo'
      ? ['SEED: demo não vale em produção (usuários e senha de demonstração); use none']
      : []),
  ];
}

/** What single variables cannot tell: pairs that belong together, and what production demands. A bad variable is absent here. */
function crossFaults(env: Partial<Environment>, bad: ReadonlySet<string>): string[] {
  const faults: string[] = portFaults(env);
  const missing = (name: keyof Environment): boolean => env[name] === undefined && !bad.has(name);
  if (missing('TLS_CERT') !== missing('TLS_KEY')) faults.push('TLS_CERT e TLS_KEY: os dois ou nenhum');
  if ((env.RTP_PORT_MIN ?? 0) >= (env.RTP_PORT_MAX ?? 65536))
    faults.push('RTP_PORT_MIN: precisa ser menor que RTP_PORT_MAX');
  if (env.NODE_ENV === 'production') faults.push(...productionFaults(env, missing('SECRET_KEY')));
  const at = env.HTTP_HOST;
  if (at !== undefined && !isLoopback(at) && missing('TLS_CERT') && missing('TRUST_PROXY'))
    faults.push(
      'HTTP_HOST: fora do loopback pede TLS_CERT e TLS_KEY, ou TRUST_PROXY (o navegador só entrega o microfone a páginas seguras)',
    );
  if (at !== undefined && missing('ADVERTISE_ADDRESS') && (isIP(at) === 0 || /^(0\.0\.0\.0|::)$/.test(at)))
    faults.push(
      'ADVERTISE_ADDRESS: obrigatório quando HTTP_HOST é um curinga ou um nome (SDP e Contact precisam de um endereço)',
    );
  return faults;
}

/** The variables that parse, with their defaults, and the faults of those that do not. */
function parseEach(set: Readonly<Record<string, string>>) {
  const faults: string[] = [];
  const good: Record<string, unknown> = {};
  const bad = new Set<string>();
  for (const [name, schema] of Object.entries(environment.shape)) {
    const parsed = schema.safeParse(set[name]);
    if (parsed.success) good[name] = parsed.data;
    else {
      bad.add(name);
      faults.push(`${name}: ${[...new Set(parsed.error.issues.map(({ message }) => message))].join(', ')}`);
    }
  }
  return { faults, bad, good: good as Partial<Environment> };
}

/** Reads a Config from environment variables; throws ConfigError with every fault at once. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable counts as unset: that is how compose files leave them out.
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables))
    if (value !== undefined && value !== '') set[name] = value;
  const { faults, bad, good } = parseEach(set);
  const all = [...faults, ...crossFaults(good, bad)];
  if (all.length > 0) throw new ConfigError(all);
  return Object.freeze(toConfig(good as Environment));
}

const MB = 1024 * 1024;

function toConfig(env: Environment): Config {
  const scheme = env.TLS_CERT === undefined ? 'http' : 'https';
  const advertiseAddress = env.ADVERTISE_ADDRESS ?? env.HTTP_HOST;
  const urlHost = env.HTTP_HOST.includes(':') ? `[${env.HTTP_HOST}]` : env.HTTP_HOST;
  return {
    production: env.NODE_ENV === 'production',
    http: {
      host: env.HTTP_HOST,
      port: env.HTTP_PORT,
      tls:
        env.TLS_CERT !== undefined && env.TLS_KEY !== undefined
          ? { cert: env.TLS_CERT, key: env.TLS_KEY }
          : undefined,
      trustProxy: env.TRUST_PROXY,
    },
    publicUrl: withoutLastSlashes(env.PUBLIC_URL ?? `${scheme}://${urlHost}:${env.HTTP_PORT}`),
    allowedOrigins: env.ALLOWED_ORIGINS?.split(',').map((text) => new URL(text.trim()).origin) ?? [],
    dataDir: env.DATA_DIR,
    sip: { host: env.SIP_HOST, port: env.SIP_PORT, advertiseAddress },
    rtp: { portMin: env.RTP_PORT_MIN, portMax: env.RTP_PORT_MAX, host: env.SIP_HOST, advertiseAddress },
    smtp: { host: env.SMTP_HOST, port: env.SMTP_PORT, relayUrl: env.SMTP_URL },
    uploads: {
      person: { files: env.UPLOAD_PERSON_HOUR_FILES, bytes: env.UPLOAD_PERSON_HOUR_MB * MB },
      company: { files: env.UPLOAD_COMPANY_DAY_FILES, bytes: env.UPLOAD_COMPANY_DAY_MB * MB },
    },
    seed: {
      mode: env.SEED ?? (env.NODE_ENV === 'production' ? 'none' : 'auto'),
      password: env.SEED_PASSWORD,
    },
    sampleErpPort: env.SAMPLE_ERP_PORT,
    mongodbUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    drachtio:
      env.DRACHTIO_URL === undefined ? undefined : { url: env.DRACHTIO_URL, wsUrl: env.DRACHTIO_WS_URL },
    freeswitchUrls: env.FREESWITCH_URLS?.split(',').map((text) => text.trim()) ?? [],
    secretKey: env.SECRET_KEY,
    metricsToken: env.METRICS_TOKEN,
    logLevel: env.LOG_LEVEL,
  };
}
