import type { HealthResult } from '../../contracts/engines.ts';
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
import { createBans, createTrunks, OFFENCE, type Trunks } from './admission.ts';
import { createNonces, type DigestAlgorithm } from './digest.ts';
import { ALLOW } from './embedded/validate.ts';
import { type EdgeDialog, SipError, wrapDialog } from './edge-dialog.ts';
import { refuseExtension } from './extensions.ts';
import { createGate, type Gate } from './gate.ts';
import { createIncomingCall } from './incoming-call.ts';
import type { SipLogger } from './logger.ts';
import { askPhone, type OutgoingDeps, placeCall } from './outgoing-call.ts';
import { createRegistrar, type Registrar } from './registrar.ts';
import { type Authenticator, createAuthenticator, handleRegister } from './registration.ts';
import { createTrunkRegistrations, type TrunkRegistrations } from './trunk-registration.ts';
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
  readonly health: () => Promise<HealthResult>;
  /** See SipEdge. */
  readonly showsTrying: boolean;
  /** Whether a peer's connection still stands, where that can be known. */
  readonly isOpen?: (peer: SipPeer) => boolean;
  /** Closes the connection of a peer that misbehaves, where we hold it. */
  readonly cut?: (peer: SipPeer) => void;
  /** After the last BYE: closes what is under drachtio-srf. */
  readonly close: () => Promise<void>;
}

export interface DrachtioEdge extends SipEdge {
  /** Datagrams of banned addresses are dropped; asked by the embedded server before it parses. */
  admits(address: string, port: number): boolean;
  /** Connections that may stay. */
  isProven(peer: SipPeer): boolean;
  isTrunk(address: string): boolean;
  /** A connection closed: its bindings are gone. */
  flowClosed(peer: SipPeer): void;
  garbage(peer: SipPeer): void;
}

export function createDrachtioEdge(options: EdgeOptions): DrachtioEdge {
  const { srf, clock, random, realm, logger, isOpen = () => true, cut = () => undefined } = options;
  const trunks = createTrunks();
  const registrar = createRegistrar(clock);
  const bans = createBans(clock, (source) => logger.warn({ source }, 'SIP source banned for ten minutes'));
  const authenticator = authenticatorFor(options);
  const dialogs = new Set<EdgeDialog>();
  const waiting = new Set<IncomingCall>();
  const outgoing = new Set<() => void>();
  let onInvite: ((call: IncomingCall) => void) | undefined;
  let stopping: Promise<void> | undefined;

  const adopt = adopter(dialogs, clock, random);
  const registrations = createTrunkRegistrations({ ...options, onRegistered: trunks.learn });
  const gate = createGate({ ...options, trunks, registrar, bans, authenticator, cut });

  async function invited(request: SrfRequest, response: SrfResponse, peer: SipPeer): Promise<void> {
    const seen = { cancelled: false };
    request.on('cancel', () => {
      seen.cancelled = true;
    });
    const source = await gate.identify(request, response, peer);
    if (!source || seen.cancelled) return;
    const take = stopping === undefined ? onInvite : undefined;
    if (!take) {
      response.send(503);
      return;
    }
    const trunk = source.kind === 'trunk' ? trunks.byId(source.trunkId) : undefined;
    const call = createIncomingCall({ srf, adopt, waiting }, request, response, source, peer, trunk);
    if (call) take(call);
  }

  async function dispatch(request: SrfRequest, response: SrfResponse): Promise<void> {
    const peer = peerOf(request);
    if (gate.standing(peer, request.method) === 'banned') {
      // The answer of a wrong password.
      response.send(403);
      cut(peer);
      return;
    }
    if (refuseExtension(request, response)) return;
    switch (request.method) {
      case 'REGISTER':
        await handleRegister(
          { clock, auth: options.auth, realm, authenticator, registrar, isOpen },
          request,
          response,
          peer,
          gate.counted(peer),
        );
        return;
      case 'INVITE':
        // A re-INVITE comes here when its dialog ended meanwhile.
        if (/;\s*tag=/i.test(request.get('to') ?? '')) response.send(481);
        else await invited(request, response, peer);
        return;
      default:
        if (gate.knows(peer)) answerOther(request, response);
        else gate.refuse(request, response, peer);
    }
  }

  listenTo(srf, dispatch, logger);

  async function stop(graceMs: number): Promise<void> {
    for (const call of waiting) call.reject(503);
    for (const cancel of outgoing) cancel();
    const gone = registrations.stop();
    const byes = Promise.allSettled([...dialogs].map((dialog) => dialog.farewell('Server is stopping')));
    await within(clock, graceMs, Promise.all([byes, gone]));
    registrar.stop();
    await options.close();
  }

  const calls: OutgoingDeps = { srf, realm, trunks, registrar, adopt };
  return {
    onInvite: (handler) => void (onInvite = handler),
    onRegistration: (handler: (change: RegistrationChange) => void) => registrar.onChange(handler),
    async invite(call) {
      if (stopping) throw new SipError(503, 'Service Unavailable');
      return placeCall(calls, call, outgoing);
    },
    answers: (username) => askPhone(calls, username),
    unregister: registrar.end,
    health: options.health,
    showsTrying: options.showsTrying,
    stop(graceMs) {
      stopping ??= stop(graceMs);
      return stopping;
    },
    ...trunkDoor(trunks, registrations),
    ...flowWatch(trunks, gate, registrar),
  };
}

/** Wraps dialogs and knows those that live. */
function adopter(
  dialogs: Set<EdgeDialog>,
  clock: Clock,
  random: Random,
): (srfDialog: SrfDialog, role: 'uac' | 'uas') => EdgeDialog {
  return (srfDialog, role) => {
    const dialog = wrapDialog(srfDialog, role, {
      clock,
      chance: () => (random.bytes(1)[0] ?? 0) / 256,
      onGone: (gone) => dialogs.delete(gone),
    });
    dialogs.add(dialog);
    return dialog;
  };
}

const authenticatorFor = ({ realm, algorithms, clock, random }: EdgeOptions): Authenticator =>
  createAuthenticator(realm, algorithms ?? ['MD5'], createNonces(clock, random));

const trunkDoor = (
  trunks: Trunks,
  registrations: TrunkRegistrations,
): Pick<SipEdge, 'setTrunks' | 'registrationOf'> => ({
  setTrunks: (list) => {
    trunks.set(list);
    registrations.set(list);
  },
  registrationOf: (trunkId) => registrations.status(trunkId),
});

function flowWatch(
  trunks: Trunks,
  gate: Gate,
  registrar: Registrar,
): Pick<DrachtioEdge, 'admits' | 'isProven' | 'isTrunk' | 'flowClosed' | 'garbage'> {
  return {
    admits: (address, port) => gate.admits(address, port),
    isProven: (peer) => gate.isProven(peer),
    isTrunk: (address) => trunks.byAddress(address) !== undefined,
    flowClosed: (peer) => {
      registrar.removeFlow(peer);
      gate.forget(peer);
    },
    garbage: (peer) => {
      if (!gate.knows(peer)) gate.offend(peer, OFFENCE.garbage);
    },
  };
}

function listenTo(
  srf: SrfLike,
  dispatch: (request: SrfRequest, response: SrfResponse) => Promise<void>,
  logger: SipLogger,
): void {
  // By name, because a real drachtio-server sends only the methods that were asked for.
  for (const method of ROUTED)
    srf.use(method, (request, response) => {
      dispatch(request, response).catch((error: unknown) => {
        logger.error({ error, method: request.method }, 'SIP request failed');
        if (!response.finalResponseSent) response.send(500);
      });
    });
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

/** Requests outside of calls from those we know. */
function answerOther(request: SrfRequest, response: SrfResponse): void {
  const headers = { Accept: 'application/sdp', Allow: ALLOW, Supported: 'timer' };
  const inside = /;\s*tag=/i.test(request.get('to') ?? '');
  response.send(inside ? 481 : request.method === 'OPTIONS' ? 200 : 405, undefined, { headers });
}

function peerOf(request: SrfRequest): SipPeer {
  const transport = request.protocol as Transport;
  return { transport, address: request.source_address, port: request.source_port };
}

async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  let done: () => void = () => undefined;
  const timer = clock.after(ms, () => {
    done();
  });
  await Promise.race([work, new Promise<void>((resolve) => (done = resolve))]);
  timer.cancel();
}
