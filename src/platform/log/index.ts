import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured log. The message is a fixed sentence; what varies goes into fields; what could name a person goes
 * under the one key `pii`, which is dropped unless LOG_PII asks for it (LGPD art. 6, need).
 * Levels: error — 0 in a healthy system; warn — a supplier or peer misbehaved; info — a few a minute.
 */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** LOG_PII: keep what stands under `pii`. Default false. */
  readonly pii?: boolean;
  /** Where lines go; default stdout. */
  readonly destination?: DestinationStream;
}

const SECRET_KEYS =
  /^(password|newPassword|passwordHash|token|secret|secretKey|authorization|cookie|ha1|digest|apiKey|sealed)$/i;

/** What must not stand in a message or an error text: CPF and CNPJ (masked or not), phones; and e-mails. */
const PERSONAL: readonly RegExp[] = [
  /\b\d{3}\.\d{3}\.\d{3}-\d{2}\b/g,
  /\b[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}\/[0-9A-Z]{4}-\d{2}\b/g,
  /(?<![\w.:-])\+?\d{10,14}(?![\w:-]|\.\d)/g,
];

/** A word, and the domain if it is an e-mail: words are taken whole, so that a long one is read once. */
const EMAIL = /[^\s@<>"']+(@[^\s@<>"']+\.[a-z]{2,})?/gi;

/** Replaces personal data in free text by `[removed]`. Times in ms (13 digits starting 1) are removed too: use fields. */
export function scrub(text: string): string {
  const mailless = text.replace(EMAIL, (word: string, domain?: string) =>
    domain === undefined ? word : '[removed]',
  );
  return PERSONAL.reduce((rest, pattern) => rest.replace(pattern, '[removed]'), mailless);
}

function cleanValue(value: unknown, pii: boolean, depth: number): unknown {
  if (value instanceof Error) return cleanError(value, pii);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (depth > 4) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => cleanValue(item, pii, depth + 1));
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return cleanFields(value as Record<string, unknown>, pii, depth + 1);
}

function cleanError(error: Error, pii: boolean): Record<string, unknown> {
  const text = (raw: string | undefined): string | undefined => (raw === undefined || pii ? raw : scrub(raw));
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: text(error.message),
    stack: text(error.stack),
  };
}

function cleanFields(fields: LogFields, pii: boolean, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'pii' && !pii) continue;
    clean[key] = SECRET_KEYS.test(key) ? '[secret]' : cleanValue(value, pii, depth);
  }
  return clean;
}

function wrap(logger: PinoLogger, pii: boolean): Logger {
  const text = (message: string): string => (pii ? message : scrub(message));
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      if (!logger.isLevelEnabled(level)) return;
      logger[level](cleanFields(fields, pii), text(message));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(cleanFields(fields, pii)), pii),
  };
}

/** One logger per process; rooms get children of it. JSON lines, UTC ISO times. */
export function createLogger(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // Errors were cleaned above; pino would otherwise treat `err` once more.
    serializers: { err: (value: unknown) => value },
  };
  const logger = options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  return wrap(logger, options.pii ?? false);
}

/** Says nothing: for tests and small tools. */
export function silentLogger(): Logger {
  return createLogger({ level: 'silent' });
}
