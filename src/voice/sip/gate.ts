import type { IncomingCall, SipPeer, SoftphoneAuth, Transport } from '../ports.ts';
import { type Bans, OFFENCE, type Trunks } from './admission.ts';
import { ha1Of } from './digest.ts';
import type { SipLogger } from './logger.ts';
import type { Registrar } from './registrar.ts';
import type { Authenticator } from './registration.ts';
import type { SrfRequest, SrfResponse } from './srf-types.ts';

/** Decides who is who: trunk, softphone or stranger (ADR 0003). */
export interface Gate {
  /** What offences of this peer are counted on. */
  sourceOf(peer: SipPeer): string;
  /** A trunk's address or a registered flow. */
  knows(peer: SipPeer): boolean;
  blocked(peer: SipPeer): boolean;
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
}

/** Desks of one office share an address with whoever scans by UDP from there: the two do not ban each other. */
export const banKey = (address: string, transport: Transport): string =>
  `${transport === 'ws' || transport === 'wss' ? 'ws' : 'sip'}:${address}`;

export function createGate(deps: GateDeps): Gate {
  const { trunks, registrar, bans, authenticator, auth, realm, logger } = deps;

  /** A trunk's address is never banned as a whole; guessing from it is counted per port. */
  const sourceOf = (peer: SipPeer): string =>
    trunks.byAddress(peer.address) ? `${peer.address}:${peer.port}` : banKey(peer.address, peer.transport);

  function refuse(request: SrfRequest, response: SrfResponse, peer: SipPeer): void {
    bans.offend(sourceOf(peer), OFFENCE.refused);
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
      const source = sourceOf(peer);
      const proven = await authenticator.check(request, response, { source, proxy: true, username, ha1s });
      return proven && { kind: 'softphone', username };
    }
    const trunk = trunks.byAddress(peer.address);
    if (trunk) return { kind: 'trunk', trunkId: trunk.id };
    if (!trunks.anyDigest) {
      refuse(request, response, peer);
      return undefined;
    }
    const proven = await authenticator.check(request, response, {
      source: sourceOf(peer),
      proxy: true,
      username: undefined,
      ha1s: (user) => {
        const digest = trunks.byDigestUser(user)?.digest;
        return Promise.resolve(digest ? [ha1Of(digest.username, realm, digest.password)] : []);
      },
    });
    const found = proven && trunks.byDigestUser(proven.username);
    return found && { kind: 'trunk', trunkId: found.id };
  }

  return {
    sourceOf,
    knows: (peer) => trunks.byAddress(peer.address) !== undefined || registrar.byFlow(peer) !== undefined,
    blocked: (peer) => bans.blocked(sourceOf(peer)),
    refuse,
    identify,
  };
}
