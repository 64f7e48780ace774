import type { Clock } from '../../shared/clock.ts';
import type { TrunkConfig } from '../ports.ts';

/** Which trunk an address is, and which addresses have misbehaved. */
export interface Trunks {
  set(trunks: readonly TrunkConfig[]): void;
  /** Several accounts at one registrar share its address: `user` is the one that was called. */
  byAddress(address: string, user?: string): TrunkConfig | undefined;
  /** This trunk's registrar answers from here. */
  readonly learn: (trunkId: string, address: string) => void;
  byId(id: string): TrunkConfig | undefined;
  /** Trunks that prove themselves by digest because their address may change. */
  byDigestUser(username: string): TrunkConfig | undefined;
  readonly anyDigest: boolean;
}

export function createTrunks(): Trunks {
  let byAddress = new Map<string, TrunkConfig>();
  let byId = new Map<string, TrunkConfig>();
  let byUser = new Map<string, TrunkConfig>();
  /** By trunk: the address of its registrar. */
  const learned = new Map<string, string>();
  return {
    set(trunks) {
      byAddress = new Map(trunks.flatMap((trunk) => trunk.peers.map((peer) => [peer, trunk] as const)));
      byId = new Map(trunks.map((trunk) => [trunk.id, trunk]));
      for (const id of learned.keys()) if (!byId.get(id)?.registration) learned.delete(id);
      byUser = new Map(
        trunks.flatMap((trunk) =>
          trunk.digest && trunk.peers.length === 0 ? [[trunk.digest.username, trunk] as const] : [],
        ),
      );
    },
    byAddress(address, user) {
      const named = byAddress.get(address);
      if (named) return named;
      let first: TrunkConfig | undefined;
      for (const [id, at] of learned) {
        const trunk = at === address ? byId.get(id) : undefined;
        if (trunk?.registration && trunk.registration.username === user) return trunk;
        first ??= trunk;
      }
      return first;
    },
    learn: (trunkId, address) => void learned.set(trunkId, address),
    byId: (id) => byId.get(id),
    byDigestUser: (username) => byUser.get(username),
    get anyDigest() {
      return byUser.size > 0;
    },
  };
}

/** What misbehaviour costs; ten points within a minute ban for ten minutes. */
export const OFFENCE = { wrongPassword: 1, challenged: 0.2, refused: 0.25, garbage: 0.5 } as const;
const LIMIT = 10;
const WINDOW_MS = 60_000;
const BAN_MS = 10 * 60_000;
const MAX_SOURCES = 10_000;

export interface Bans {
  blocked(source: string): boolean;
  offend(source: string, points: number): void;
  /** A right password clears what led to it (challenges are part of every registration). */
  forgive(source: string): void;
}

interface Record_ {
  points: number;
  since: number;
  until: number;
}

export function createBans(clock: Clock, onBan: (source: string) => void): Bans {
  const sources = new Map<string, Record_>();
  return {
    blocked(source) {
      const record = sources.get(source);
      return record !== undefined && record.until > clock.steady();
    },
    offend(source, points) {
      const now = clock.steady();
      let record = sources.get(source);
      if (!record || (now - record.since > WINDOW_MS && record.until <= now)) {
        // A flood of forged addresses must not fill the memory: the oldest goes.
        if (sources.size >= MAX_SOURCES) sources.delete(sources.keys().next().value ?? '');
        record = { points: 0, since: now, until: 0 };
        sources.set(source, record);
      }
      record.points += points;
      if (record.points < LIMIT || record.until > now) return;
      record.until = now + BAN_MS;
      onBan(source);
    },
    forgive(source) {
      const record = sources.get(source);
      if (record && record.until <= clock.steady()) sources.delete(source);
    },
  };
}
