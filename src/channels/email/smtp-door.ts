import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type Connection, createConnectionLimits, type Leaving } from '../../platform/net/index.ts';
import type { Clock, Timer } from '../../shared/clock.ts';
import { readingQuoted } from './smtp-path.ts';

/** A relay's own limit for one destination is 20 (Postfix), and several companies may share it. */
export const SESSIONS_PER_ADDRESS = 50;
export const SESSIONS_IN_ALL = 200;
/** From the greeting to the first recipient of ours, and from one mail to the next. */
export const FIRST_MAIL_MS = 60_000;
/** 25 MB in ten minutes are 44 kB/s. */
export const SESSION_MS = 600_000;
/** For the last words to arrive. */
const FAREWELL_MS = 1000;

/** RFC 5321 §3.8: 421 may come at any moment, and the client tries again; the codes behind are RFC 3463's. */
const SAYS: Record<Leaving, string> = {
  room: '4.3.2 The server has too many connections and needs this one, try again in a moment',
  late: `4.4.2 No recipient of ours was named within ${FIRST_MAIL_MS / 1000} seconds, connect again when there is a mail`,
  old: `4.4.2 A connection lasts ${SESSION_MS / 60_000} minutes at most, connect again for what is left`,
};

/** Tells of each connection before a word was said on it (`onConnect` comes with the greeting), and reads all that RFC 5321 calls an address. */
export class WatchedSmtpServer extends SMTPServer {
  watch: ((connection: SMTPConnection) => void) | undefined;

  override connect(...given: Parameters<SMTPServer['connect']>): void {
    super.connect(...given);
    const [socket] = given;
    const made = [...this.connections].findLast(({ _socket }) => _socket === socket);
    if (made === undefined) return;
    made._parseAddressCommand = readingQuoted(made._parseAddressCommand.bind(made));
    if (!socket.destroyed) this.watch?.(made);
  }
}
type SMTPConnection = SMTPServer['connections'] extends Set<infer C> ? C : never;

/** Who may stay at the mail port (ADR 0016). Nobody proves itself there: a mail for us is what counts. */
export interface SmtpDoor {
  /** A recipient of ours was taken: of those that must make room, this session leaves last. */
  mailBegan(sessionId: string): void;
  /** The mail is over, whatever became of it. */
  mailEnded(sessionId: string): void;
  stop(): void;
}

/** Watches a server's connections from the first moment; the server itself needs no `maxClients`. */
export function guardSmtp(server: WatchedSmtpServer, clock: Clock): SmtpDoor {
  const sessions = new Map<string, Connection>();
  const farewells = new Map<Socket, Timer>();
  const limits = createConnectionLimits<Connection>({
    clock,
    isProven: () => false,
    perAddress: SESSIONS_PER_ADDRESS,
    total: SESSIONS_IN_ALL,
    proveMs: FIRST_MAIL_MS,
    lifeMs: SESSION_MS,
  });

  server.watch = (made) => {
    const socket = made._socket;
    const session: Connection = {
      address: made.remoteAddress,
      close(why) {
        made.send(421, SAYS[why], false);
        // Those that must go faster than they leave get no second to do so.
        if (farewells.size >= SESSIONS_IN_ALL) socket.destroy();
        else
          farewells.set(
            socket,
            clock.after(FAREWELL_MS, () => socket.destroy()),
          );
      },
    };
    sessions.set(made.id, session);
    socket.once('close', () => {
      limits.remove(session);
      sessions.delete(made.id);
      farewells.get(socket)?.cancel();
      farewells.delete(socket);
    });
    limits.add(session);
  };

  const of = (id: string, tell: (session: Connection) => void): void => {
    const session = sessions.get(id);
    if (session !== undefined) tell(session);
  };
  return {
    mailBegan: (id) => of(id, (session) => limits.spoke(session)),
    mailEnded: (id) => of(id, (session) => limits.finished(session)),
    stop() {
      limits.stop();
      for (const [socket, timer] of farewells) {
        timer.cancel();
        socket.destroy();
      }
      farewells.clear();
    },
  };
}
