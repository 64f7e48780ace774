import { createHash } from 'node:crypto';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { sessionAlive } from './domain/session.ts';
import type { AccessStore } from './store.ts';
import type { SipCredentialRecord, User } from './types.ts';

/** A password opens a registration for these minutes; refreshes on a living connection are the SIP edge's to allow. */
export const SIP_PASSWORD_MS = 10 * 60_000;

export interface SoftphoneOptions {
  /** Realm of the digest challenge; the edge must ask with the same. */
  readonly realm: string;
  /** Host, with the port when it is not 5060: any SIP user agent finds the registrar by it. */
  readonly sipDomain: () => string;
  /** e.g. wss://desk.example/sip */
  readonly wsUrl: () => string;
  readonly iceServers: readonly {
    readonly urls: string | readonly string[];
    readonly username?: string;
    readonly credential?: string;
  }[];
}

export interface SoftphoneAccount {
  readonly sipUri: string;
  readonly wsUrl: string;
  readonly username: string;
  readonly password: string;
  readonly iceServers: SoftphoneOptions['iceServers'];
  readonly expiresAt: Date;
}

/** Fits voice's port SoftphoneAuth. */
export interface Softphones {
  /** HA1 values that open a registration of this user now; empty for unknown users and other realms. */
  ha1(username: string, realm: string): Promise<readonly string[]>;
  /** A new password each time; several live beside each other (two tabs, a reload). It dies with this session. */
  issue(user: User, sessionId: string): Promise<SoftphoneAccount>;
}

/** HA1 of RFC 7616 §3.4.2 with MD5, which is what SIP phones speak (RFC 3261 §22.4). */
export function digestHa1(username: string, realm: string, password: string): string {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest('hex');
}

export function createSoftphones(
  deps: {
    readonly store: AccessStore;
    readonly clock: Clock;
    readonly random: Random;
    readonly newId: () => string;
  },
  options: SoftphoneOptions,
): Softphones {
  /** Whatever ended the session, here or in another process: its password opens nothing any more. */
  const alive = async ({ sessionId }: SipCredentialRecord): Promise<boolean> => {
    const session = sessionId === undefined ? null : await deps.store.sessions.get(sessionId);
    if (session === null) return false;
    const { createdAt, lastSeenAt } = session;
    return sessionAlive(
      { createdAt: createdAt.getTime(), lastSeenAt: lastSeenAt.getTime() },
      deps.clock.now(),
    );
  };
  return {
    issue: async (user, sessionId) => {
      const password = Buffer.from(deps.random.bytes(18)).toString('base64url');
      const now = deps.clock.now();
      const expiresAt = new Date(now + SIP_PASSWORD_MS);
      await deps.store.sip.insert({
        _id: deps.newId(),
        companyId: user.companyId,
        userId: user._id,
        sessionId,
        username: user.username,
        realm: options.realm,
        ha1: digestHa1(user.username, options.realm, password),
        expiresAt,
      });
      return {
        sipUri: `sip:${user.username}@${options.sipDomain()}`,
        wsUrl: options.wsUrl(),
        username: user.username,
        password,
        iceServers: options.iceServers,
        expiresAt,
      };
    },
    ha1: async (username, realm) => {
      const live = await deps.store.sip.live(username, new Date(deps.clock.now()));
      const good = await Promise.all(live.map(alive));
      return live
        .filter((one, i) => one.realm === realm && good[i] === true)
        .map((credential) => credential.ha1);
    },
  };
}
