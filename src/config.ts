import { z } from 'zod';

/**
 * The environment, parsed once (contract.md, "Environment"). Every bad or missing variable is named at once.
 * Nothing else in the product reads the environment.
 */
const port = z.coerce.number().int().min(0).max(65535);
const optional = z.string().min(1).optional();
const url = (...protocols: string[]) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
      message: `must be a URL with ${protocols.join(' or ')}`,
    })
    .optional();

const environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: port.default(3000),
  TLS_CERT: optional,
  TLS_KEY: optional,
  TRUST_PROXY: optional,
  PUBLIC_URL: url('http', 'https'),
  DATA_DIR: z.string().min(1).default('data'),
  SIP_HOST: z.string().min(1).default('127.0.0.1'),
  SIP_PORT: port.default(5060),
  RTP_PORT_MIN: port.default(20000),
  RTP_PORT_MAX: port.default(20999),
  ADVERTISE_ADDRESS: optional,
  SMTP_HOST: z.string().min(1).default('127.0.0.1'),
  SMTP_PORT: port.default(2525),
  SMTP_URL: url('smtp', 'smtps'),
  SEED: z.enum(['demo', 'none']).optional(),
  SEED_PASSWORD: z.string().min(8).optional(),
  SAMPLE_ERP_PORT: port.default(3001),
  MONGODB_URL: url('mongodb', 'mongodb+srv'),
  REDIS_URL: url('redis', 'rediss'),
  DRACHTIO_URL: url('drachtio'),
  DRACHTIO_WS_URL: url('ws', 'wss'),
  FREESWITCH_URLS: optional,
  TWILIO_API_BASE: url('http', 'https'),
  SECRET_KEY: z.string().min(32).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
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
  readonly dataDir: string;
  readonly sip: { readonly host: string; readonly port: number; readonly advertiseAddress: string };
  readonly rtp: {
    readonly portMin: number;
    readonly portMax: number;
    readonly host: string;
    readonly advertiseAddress: string;
  };
  readonly smtp: { readonly host: string; readonly port: number; readonly relayUrl?: string | undefined };
  readonly seed: { readonly mode: 'demo' | 'none' | 'auto'; readonly password?: string | undefined };
  readonly sampleErpPort: number;
  readonly mongodbUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly drachtio?: { readonly url: string; readonly wsUrl?: string | undefined } | undefined;
  readonly freeswitchUrls: readonly string[];
  readonly secretKey?: string | undefined;
  readonly logLevel: Environment['LOG_LEVEL'];
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`configuration: ${faults.join('; ')}`);
    this.faults = faults;
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');

/** What single variables cannot tell: pairs that belong together, and what production demands. */
function crossFaults(env: Environment): string[] {
  const faults: string[] = [];
  if ((env.TLS_CERT === undefined) !== (env.TLS_KEY === undefined))
    faults.push('TLS_CERT and TLS_KEY: set both or neither');
  if (env.RTP_PORT_MIN >= env.RTP_PORT_MAX) faults.push('RTP_PORT_MIN: must be below RTP_PORT_MAX');
  if (env.NODE_ENV === 'production' && env.SECRET_KEY === undefined)
    faults.push('SECRET_KEY: required in production');
  if (!isLoopback(env.HTTP_HOST) && env.TLS_CERT === undefined && env.TRUST_PROXY === undefined) {
    faults.push(
      'HTTP_HOST: beyond loopback needs TLS_CERT and TLS_KEY, or TRUST_PROXY (browsers give the microphone to secure pages only)',
    );
  }
  if (env.ADVERTISE_ADDRESS === undefined && (env.HTTP_HOST === '0.0.0.0' || env.HTTP_HOST === '::')) {
    faults.push(
      'ADVERTISE_ADDRESS: required when HTTP_HOST is a wildcard (SDP and Contact must name an address)',
    );
  }
  return faults;
}

/** Reads a Config from environment variables; throws ConfigError with every fault at once. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable counts as unset: that is how compose files leave them out.
  const set = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const env = parsed.data;
  const faults = crossFaults(env);
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(toConfig(env));
}

function toConfig(env: Environment): Config {
  const scheme = env.TLS_CERT === undefined ? 'http' : 'https';
  const advertiseAddress = env.ADVERTISE_ADDRESS ?? env.HTTP_HOST;
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
    publicUrl: (env.PUBLIC_URL ?? `${scheme}://${env.HTTP_HOST}:${env.HTTP_PORT}`).replace(/\/+$/, ''),
    dataDir: env.DATA_DIR,
    sip: { host: env.SIP_HOST, port: env.SIP_PORT, advertiseAddress },
    rtp: { portMin: env.RTP_PORT_MIN, portMax: env.RTP_PORT_MAX, host: env.SIP_HOST, advertiseAddress },
    smtp: { host: env.SMTP_HOST, port: env.SMTP_PORT, relayUrl: env.SMTP_URL },
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
    logLevel: env.LOG_LEVEL,
  };
}
