import { createHash } from 'node:crypto';
import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import type { AccessStore } from './store.ts';
import type { User } from './types.ts';

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
  /** A new password each time; several live beside each other (two tabs, a reload). */
  issue(user: User): Promise<SoftphoneAccount>;
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
  return {
    issue: async (user) => {
      const password = Buffer.from(deps.random.bytes(18)).toString('base64url');
      const now = deps.clock.now();
      const expiresAt = new Date(now + SIP_PASSWORD_MS);
      await deps.store.sip.insert({
        _id: deps.newId(),
        companyId: user.companyId,
        userId: user._id,
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
      return live.filter((credential) => credential.realm === realm).map((credential) => credential.ha1);
    },
  };
}
