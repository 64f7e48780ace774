import { once } from 'node:events';
import type { SMTPServer, SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { networkOf } from '../../platform/net/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { AppError } from '../../shared/errors.ts';
import { MAX_MAIL_BYTES } from './files.ts';
import { guardSmtp, type SmtpDoor, WatchedSmtpServer } from './smtp-door.ts';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** Does a mailbox have this address? Everything else is refused: we relay for nobody. */
  readonly accepts: (address: string) => Promise<boolean>;
  /** Resolves when the mail cannot be lost any more; then, and only then, comes the 250. */
  readonly store: (
    mail: {
      readonly envelopeFrom: string;
      readonly recipients: readonly string[];
      /** The network of the connection, as the door counts it. */
      readonly client: string;
    },
    stream: SMTPServerDataStream,
  ) => Promise<'stored' | 'tooLarge'>;
  readonly onError: (error: unknown) => void;
}

export interface SmtpListener {
  readonly port: number;
  stop(): Promise<void>;
}

class SmtpRefusal extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

const tooLarge = () => new SmtpRefusal(552, '5.3.4 Message is larger than 25 MB');
const SESSION_IDLE_MS = 60_000;

/** Listens for inbound mail (RFC 5321). Errors: smtp.portInUse, smtp.cannotListen. */
export async function listenSmtp(options: SmtpOptions): Promise<SmtpListener> {
  const server = new WatchedSmtpServer({
    banner: 'Ramal',
    size: MAX_MAIL_BYTES,
    authOptional: true,
    // No certificate belongs to a mail port on loopback; TLS is the job of the mail relay in front.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    // `ana..souza.@docomo.test` exists; whose mailbox a recipient is, we look up ourselves.
    lenientAddressParsing: true,
    socketTimeout: SESSION_IDLE_MS,
    closeTimeout: 2000,
    logger: false,
    onMailFrom: (address, _session, callback) => callback(checkSize(address)),
    onRcptTo: (address, session, callback) => {
      recipient(options, address, session).then(
        (refusal) => {
          if (refusal === null) door.mailBegan(session.id);
          callback(refusal);
        },
        (error: unknown) => {
          options.onError(error);
          callback(new SmtpRefusal(451, '4.3.0 Try again later'));
        },
      );
    },
    onData: (stream, session, callback) => {
      void taken(options, stream, session).then((refusal) => {
        door.mailEnded(session.id);
        callback(refusal);
      });
    },
  });
  const door: SmtpDoor = guardSmtp(server, options.clock);
  server.on('error', (error: Error & { code?: string }) => {
    // Broken connections of peers are their own affair.
    if (server.server.listening && error.code !== 'ECONNRESET' && error.code !== 'EPIPE')
      options.onError(error);
  });
  await listening(server, options);
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    stop: () =>
      new Promise((resolve) => {
        door.stop();
        server.close(() => resolve());
      }),
  };
}

async function listening(server: SMTPServer, { host, port }: SmtpOptions): Promise<void> {
  server.listen(port, host);
  try {
    await once(server.server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EADDRINUSE')
      throw new AppError(
        'smtp.portInUse',
        500,
        `The mail port ${port} on ${host} is used by another program: choose another SMTP_PORT, or 0 to do without inbound mail.`,
      );
    throw new AppError('smtp.cannotListen', 500, `Inbound mail cannot listen on ${host}:${port} (${code}).`);
  }
}

/** RFC 1870: the size that the client announces. */
function checkSize(address: SMTPServerAddress): Error | null {
  const size = address.args === false ? 0 : Number((address.args as { SIZE?: string }).SIZE ?? 0);
  return size > MAX_MAIL_BYTES ? tooLarge() : null;
}

const MAX_RECIPIENTS = 50;

async function recipient(
  options: SmtpOptions,
  address: SMTPServerAddress,
  session: SMTPServerSession,
): Promise<Error | null> {
  if (session.envelope.rcptTo.length >= MAX_RECIPIENTS)
    return new SmtpRefusal(452, '4.5.3 Too many recipients');
  return (await options.accepts(address.address)) ? null : new SmtpRefusal(550, '5.1.1 No such mailbox here');
}

/** What to answer to a mail. A client that goes away in the middle of one is its own affair. */
async function taken(
  options: SmtpOptions,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<Error | null> {
  try {
    return await receive(options, stream, session);
  } catch (error) {
    if (!wentAway(error)) options.onError(error);
    stream.resume();
    return new SmtpRefusal(451, '4.3.0 The message could not be stored, try again later');
  }
}

const wentAway = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNECTION' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

async function receive(
  options: SmtpOptions,
  stream: SMTPServerDataStream,
  { envelope, remoteAddress }: SMTPServerSession,
): Promise<Error | null> {
  const envelopeFrom = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const recipients = envelope.rcptTo.map((r) => r.address);
  const outcome = await options.store({ envelopeFrom, recipients, client: networkOf(remoteAddress) }, stream);
  return outcome === 'tooLarge' ? tooLarge() : null;
}
