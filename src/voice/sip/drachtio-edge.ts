import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import type {
  IncomingCall,
  RegistrationChange,
  SipEdge,
  SipPeer,
  SoftphoneAuth,
  Transport,
} from '../ports.ts';
import { createBans, createTrunks, OFFENCE } from './admission.ts';
import { createNonces, type DigestAlgorithm, ha1Of } from './digest.ts';
import { type EdgeDialog, SipError, wrapDialog } from './edge-dialog.ts';
import { createIncomingCall } from './incoming-call.ts';
import type { SipLogger } from './logger.ts';
import { type OutgoingDeps, placeCall } from './outgoing-call.ts';
import { createRegistrar } from './registrar.ts';
import { createAuthenticator, handleRegister } from './registration.ts';
import type { SrfDialog, SrfLike, SrfRequest, SrfResponse } from './srf-types.ts';

/**
 * The SIP edge on drachtio-srf, the same for the embedded server and a real drachtio-server: who may call, who is
 * registered, and calls as the port shows them (ADR 0003).
 */
export interface EdgeOptions {
  readonly srf: SrfLike;
  readonly realm: string;
  readonly auth: SoftphoneAuth;
  readonly logger: SipLogger;
  readonly clock: Clock;
  readonly random: Random;
  /** Offered to softphones, preferred first (RFC 8760). HA1s of SHA-256 have 64 digits. */
  readonly algorithms?: readonly DigestAlgorithm[];
  readonly health: () => Promise<{ ok: boolean; detail: string }>;
  /** After the last BYE: closes what is under drachtio-srf. */
  readonly close: () => Promise<void>;
}

export interface DrachtioEdge extends SipEdge {
  /** Banned addresses are dropped; asked by the embedded server before it parses. */
  admits(address: string, protocol: Transport): boolean;
  /** A connection closed: its bindings are gone. */
  flowClosed(peer: SipPeer): void;
  garbage(peer: SipPeer): void;
}

export function createDrachtioEdge(options: EdgeOptions): DrachtioEdge {
  const { srf, clock, random, realm, logger } = options;
  const trunks = createTrunks();
  const registrar = createRegistrar(clock);
  const bans = createBans(clock, (source) => logger.warn({ source }, 'SIP source banned for ten minutes'));
  const authenticator = createAuthenticator(
    realm,
    options.algorithms ?? ['MD5'],
    createNonces(clock, random),
    bans,
  );
  const dialogs = new Set<EdgeDialog>();
  const waiting = new Set<IncomingCall>();
  const outgoing = new Set<() => void>();
  let onInvite: ((call: IncomingCall) => void) | undefined;
  let stopping: Promise<void> | undefined;

  const adopt = (srfDialog: SrfDialog, role: 'uac' | 'uas'): EdgeDialog => {
    const dialog = wrapDialog(srfDialog, role, {
      clock,
      chance: () => (random.bytes(1)[0] ?? 0) / 256,
      onGone: (gone) => dialogs.delete(gone),
    });
    dialogs.add(dialog);
    return dialog;
  };

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
      const ha1s = async (): Promise<readonly string[]> => [
        ha1,
        ...(await options.auth.ha1(username, realm)),
      ];
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

  async function invited(request: SrfRequest, response: SrfResponse, peer: SipPeer): Promise<void> {
    let cancelled = false;
    request.on('cancel', () => {
      cancelled = true;
    });
    const source = await identify(request, response, peer);
    if (!source || cancelled) return;
    if (stopping || !onInvite) {
      response.send(503);
      return;
    }
    const trunk = source.kind === 'trunk' ? trunks.byId(source.trunkId) : undefined;
    const call = createIncomingCall({ srf, adopt }, request, response, source, peer, trunk);
    if (!call) return;
    waiting.add(call);
    const settled = trackOpen(call, waiting);
    onInvite(settled);
  }

  function options_(request: SrfRequest, response: SrfResponse, peer: SipPeer): void {
    if (!trunks.byAddress(peer.address) && !registrar.byFlow(peer)) refuse(request, response, peer);
    else {
      const headers = { Accept: 'application/sdp', Allow: ALLOWED, Supported: 'timer' };
      response.send(200, undefined, { headers });
    }
  }

  async function dispatch(request: SrfRequest, response: SrfResponse): Promise<void> {
    const peer = peerOf(request);
    if (bans.blocked(sourceOf(peer))) {
      // What a ban lets through (from a trunk's address) gets the answer of a wrong password.
      response.send(403);
      return;
    }
    switch (request.method) {
      case 'REGISTER':
        await handleRegister(
          { clock, auth: options.auth, realm, authenticator, registrar },
          request,
          response,
          peer,
          sourceOf(peer),
        );
        return;
      case 'INVITE':
        // A re-INVITE comes here when its dialog ended meanwhile.
        if (/;\s*tag=/i.test(request.get('to') ?? '')) response.send(481);
        else await invited(request, response, peer);
        return;
      case 'OPTIONS':
        options_(request, response, peer);
        return;
      default:
        if (!trunks.byAddress(peer.address) && !registrar.byFlow(peer)) refuse(request, response, peer);
        else
          response.send(/;\s*tag=/i.test(request.get('to') ?? '') ? 481 : 405, undefined, {
            headers: { Allow: ALLOWED },
          });
    }
  }

  // By name, because a real drachtio-server sends only the methods that were asked for.
  for (const method of ROUTED)
    srf.use(method, (request, response) => {
      dispatch(request, response).catch((error: unknown) => {
        logger.error({ error, method: request.method }, 'SIP request failed');
        if (!response.finalResponseSent) response.send(500);
      });
    });

  const calls: OutgoingDeps = { srf, realm, trunks, registrar, adopt };
  return {
    setTrunks: trunks.set,
    onInvite: (handler) => void (onInvite = handler),
    onRegistration: (handler: (change: RegistrationChange) => void) => {
      registrar.onChange(handler);
    },
    async invite(call) {
      if (stopping) throw new SipError(503, 'Service Unavailable');
      return placeCall(calls, call, outgoing);
    },
    unregister: (username) => {
      registrar.remove(username);
    },
    health: options.health,
    stop(graceMs) {
      stopping ??= (async () => {
        for (const call of waiting) call.reject(503);
        for (const cancel of outgoing) cancel();
        const byes = Promise.allSettled([...dialogs].map((dialog) => dialog.bye('Server is stopping')));
        await within(clock, graceMs, byes);
        registrar.stop();
        await options.close();
      })();
      return stopping;
    },
    admits: (address, protocol) =>
      trunks.byAddress(address) !== undefined || !bans.blocked(banKey(address, protocol)),
    flowClosed: (peer) => {
      registrar.removeFlow(peer);
    },
    garbage: (peer) => {
      if (!trunks.byAddress(peer.address)) bans.offend(banKey(peer.address, peer.transport), OFFENCE.garbage);
    },
  };
}

const ROUTED = [
  'invite',
  'register',
  'options',
  'bye',
  'info',
  'update',
  'refer',
  'notify',
  'message',
  'subscribe',
  'publish',
] as const;
const ALLOWED = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY';

/** Desks of one office share an address with whoever scans by UDP from there: the two do not ban each other. */
const banKey = (address: string, transport: Transport): string =>
  `${transport === 'ws' || transport === 'wss' ? 'ws' : 'sip'}:${address}`;

function peerOf(request: SrfRequest): SipPeer {
  const transport = request.protocol as Transport;
  return { transport, address: request.source_address, port: request.source_port };
}

/** Forgets the call as soon as it is answered, refused or cancelled. */
function trackOpen(call: IncomingCall, waiting: Set<IncomingCall>): IncomingCall {
  call.onCancel(() => waiting.delete(call));
  return {
    ...call,
    answer(localSdp) {
      waiting.delete(call);
      return call.answer(localSdp);
    },
    reject(status, reason) {
      waiting.delete(call);
      call.reject(status, reason);
    },
  };
}

async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  let done: () => void = () => undefined;
  const timer = clock.after(ms, () => {
    done();
  });
  await Promise.race([work, new Promise<void>((resolve) => (done = resolve))]);
  timer.cancel();
}
