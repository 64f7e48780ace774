import type { IncomingCall, SipPeer, SoftphoneAuth, Transport, TrunkConfig } from '../ports.ts';
import { type Bans, OFFENCE, type Trunks } from './admission.ts';
import { ha1Of } from './digest.ts';
import { userOf } from './embedded/sip-values.ts';
import type { SipLogger } from './logger.ts';
import type { Registrar } from './registrar.ts';
import type { Authenticator, Counted } from './registration.ts';
import type { SrfRequest, SrfResponse } from './srf-types.ts';

/** Decides who is who: trunk, softphone or stranger (ADR 0003, ADR 0016). */
export interface Gate {
  /** A trunk's address or a registered flow. */
  knows(peer: SipPeer): boolean;
  /** Knows it, or it gave a trunk's password on this connection. */
  isProven(peer: SipPeer): boolean;
  /** Datagrams from here are worth a parse. */
  admits(address: string, port: number): boolean;
  /** What is left of this peer's right to ask: all, only to prove itself, or nothing. */
  standing(peer: SipPeer, method: string): 'free' | 'banned';
  offend(peer: SipPeer, points: number): void;
  counted(peer: SipPeer): Counted;
  forget(peer: SipPeer): void;
  refuse(request: SrfRequest, response: SrfResponse, peer: SipPeer): void;
  /** Who sends this INVITE; undefined when it was answered here. */
  identify(
    request: SrfRequest,
    response: SrfResponse,
    peer: SipPeer,
  ): Promise<IncomingCall['source'] | undefined>;
}

export interface GateDeps {
  readonly trunks: Trunks;
  readonly registrar: Registrar;
  readonly bans: Bans;
  readonly authenticator: Authenticator;
  readonly auth: SoftphoneAuth;
  readonly realm: string;
  readonly logger: SipLogger;
  /** Closes the connection of who misbehaves. */
  readonly cut: (peer: SipPeer) => void;
}

const isStream = (transport: Transport): boolean => transport !== 'udp';
const flowOf = (peer: SipPeer): string => `${peer.transport}/${peer.address}:${peer.port}`;
/** Desks of one office share an address with whoever scans by UDP from there: the two do not ban each other. */
const addressOf = ({ transport, address }: Pick<SipPeer, 'transport' | 'address'>): string =>
  `${transport === 'ws' || transport === 'wss' ? 'ws' : 'sip'}:${address}`;

/** No carrier comes by WebSocket: a browser on a trunk's machine is a browser. Nor by what was not agreed with it. */
function trunkAt(trunks: Trunks, { transport, address }: SipPeer, user?: string): TrunkConfig | undefined {
  if (transport === 'ws' || transport === 'wss') return undefined;
  const trunk = trunks.byAddress(address, user);
  return trunk?.transports?.includes(transport) === false ? undefined : trunk;
}

/**
 * What offences are counted on. Each connection stands for itself, and is cut when it has used up its points. The address as
 * a whole is counted too, unless a trunk or telephones of ours are behind it: one bad neighbour must not silence them.
 */
function createOffences({ trunks, registrar, bans, cut }: GateDeps) {
  const isTrunk = (peer: SipPeer): boolean => trunkAt(trunks, peer) !== undefined;
  const isShared = (peer: SipPeer): boolean => isTrunk(peer) || registrar.knowsAddress(peer.address);
  const knows = (peer: SipPeer): boolean => isTrunk(peer) || registrar.byFlow(peer) !== undefined;

  function offend(peer: SipPeer, points: number): void {
    const shared = isShared(peer);
    if (!shared) bans.offend(addressOf(peer), points);
    if (!shared && !isStream(peer.transport)) return;
    bans.offend(flowOf(peer), points);
    if (isStream(peer.transport) && bans.blocked(flowOf(peer)) && !knows(peer)) cut(peer);
  }

  return {
    knows,
    admits: (address: string, port: number): boolean => {
      const peer: SipPeer = { transport: 'udp', address, port };
      if (knows(peer)) return true;
      return !bans.blocked(flowOf(peer)) && (isShared(peer) || !bans.blocked(addressOf(peer)));
    },
    standing(peer: SipPeer, method: string): 'free' | 'banned' {
      // Datagrams can be forged: what somebody writes in a trunk's or a telephone's name never keeps its calls away.
      if (knows(peer) && method !== 'REGISTER') return 'free';
      if (bans.blocked(flowOf(peer))) return registrar.byFlow(peer) === undefined ? 'banned' : 'free';
      if (isShared(peer) || !bans.blocked(addressOf(peer))) return 'free';
      // A connection, unlike a datagram, has an address of its own: from a banned one it may still prove who it is.
      return isStream(peer.transport) && method === 'REGISTER' ? 'free' : 'banned';
    },
    offend,
    counted: (peer: SipPeer): Counted => ({
      offend: (points) => offend(peer, points),
      forgive() {
        bans.forgive(addressOf(peer));
        bans.forgive(flowOf(peer));
      },
    }),
  };
}

export function createGate(deps: GateDeps): Gate {
  const { trunks, registrar, authenticator, auth, realm, logger } = deps;
  const offences = createOffences(deps);
  /** Connections on which a trunk's password was given. */
  const byPassword = new Set<string>();

  function refuse(request: SrfRequest, response: SrfResponse, peer: SipPeer): void {
    offences.offend(peer, OFFENCE.refused);
    logger.debug(
      { method: request.method, transport: peer.transport },
      'SIP request from an unknown source refused',
    );
    response.send(403);
  }

  /** Who sends this INVITE: a registered flow, a trunk's address, or a trunk's credentials. */
  async function identify(
    request: SrfRequest,
    response: SrfResponse,
    peer: SipPeer,
  ): Promise<IncomingCall['source'] | undefined> {
    const binding = registrar.byFlow(peer);
    if (binding) {
      // A connection proved itself when it registered; a datagram's address proves nothing.
      if (peer.transport !== 'udp') return { kind: 'softphone', username: binding.username };
      const { username, ha1 } = binding;
      const ha1s = async (): Promise<readonly string[]> => [ha1, ...(await auth.ha1(username, realm))];
      const proven = await authenticator.check(request, response, {
        ...offences.counted(peer),
        proxy: true,
        username,
        ha1s,
      });
      return proven && { kind: 'softphone', username };
    }
    const trunk = trunkAt(trunks, peer, userOf(request.uri));
    if (trunk) return { kind: 'trunk', trunkId: trunk.id };
    if (!trunks.anyDigest) {
      refuse(request, response, peer);
      return undefined;
    }
    const proven = await authenticator.check(request, response, {
      ...offences.counted(peer),
      proxy: true,
      username: undefined,
      ha1s: (user) => {
        const digest = trunks.byDigestUser(user)?.digest;
        return Promise.resolve(digest ? [ha1Of(digest.username, realm, digest.password)] : []);
      },
    });
    const found = proven && trunks.byDigestUser(proven.username);
    if (found && isStream(peer.transport)) byPassword.add(flowOf(peer));
    return found && { kind: 'trunk', trunkId: found.id };
  }

  return {
    ...offences,
    isProven: (peer) => offences.knows(peer) || byPassword.has(flowOf(peer)),
    forget(peer) {
      byPassword.delete(flowOf(peer));
    },
    refuse,
    identify,
  };
}
