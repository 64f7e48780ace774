import type { Clock } from '../../shared/clock.ts';
import type { SipPeer, SoftphoneAuth } from '../ports.ts';
import { OFFENCE } from './admission.ts';
import {
  challenge,
  type Credentials,
  type DigestAlgorithm,
  matchingHa1,
  type Nonces,
  parseCredentials,
} from './digest.ts';
import { parseNameAddress, parseUri, splitList } from './embedded/sip-values.ts';
import { type Binding, DEFAULT_EXPIRES, MAX_EXPIRES, MIN_EXPIRES, type Registrar } from './registrar.ts';
import type { SrfRequest, SrfResponse } from './srf-types.ts';

/** Where the offences of who asks are counted. */
export interface Counted {
  readonly offend: (points: number) => void;
  readonly forgive: () => void;
}

export interface Authenticator {
  /**
   * The username and HA1 of a request that proves who it is; otherwise answers it (401/407 or 403) and returns
   * undefined. Unknown users and wrong passwords get the same answer after the same work.
   */
  check(
    request: SrfRequest,
    response: SrfResponse,
    options: Counted & {
      readonly proxy: boolean;
      /** Who it has to be; undefined: whoever it says. */
      readonly username: string | undefined;
      readonly ha1s: (username: string) => Promise<readonly string[]>;
    },
  ): Promise<{ readonly username: string; readonly ha1: string } | undefined>;
}

export function createAuthenticator(
  realm: string,
  algorithms: readonly DigestAlgorithm[],
  nonces: Nonces,
): Authenticator {
  function ask(response: SrfResponse, proxy: boolean, stale: boolean): void {
    // RFC 8760 §2.4: one header per algorithm, the preferred first; a comma list is the same (RFC 3261 §7.3.1).
    const value = algorithms
      .map((algorithm) => challenge(realm, nonces.issue(), algorithm, stale))
      .join(', ');
    const headers = { [proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate']: value };
    response.send(proxy ? 407 : 401, undefined, { headers });
  }

  const mine = (value: string | undefined): Credentials | undefined => {
    const credentials = parseCredentials(value);
    return credentials?.realm === realm && algorithms.includes(credentials.algorithm)
      ? credentials
      : undefined;
  };

  return {
    async check(request, response, { offend, forgive, proxy, username, ha1s }) {
      const header = proxy ? 'proxy-authorization' : 'authorization';
      const credentials = mine(request.get(header));
      if (!credentials) {
        offend(OFFENCE.challenged);
        ask(response, proxy, false);
        return undefined;
      }
      const known = await ha1s(credentials.username);
      const ha1 = matchingHa1(known, request.method, credentials);
      const verdict = nonces.check(credentials.nonce, credentials.nc);
      if (ha1 === undefined || (username !== undefined && credentials.username !== username)) {
        offend(OFFENCE.wrongPassword);
        response.send(403);
        return undefined;
      }
      if (verdict !== 'fresh') {
        ask(response, proxy, true);
        return undefined;
      }
      forgive();
      return { username: credentials.username, ha1 };
    },
  };
}

export interface RegistrationDeps {
  readonly clock: Clock;
  readonly auth: SoftphoneAuth;
  readonly realm: string;
  readonly authenticator: Authenticator;
  readonly registrar: Registrar;
  /** False when the connection of this peer has closed meanwhile. */
  readonly isOpen: (peer: SipPeer) => boolean;
}

/** Answers one REGISTER (RFC 3261 §10.3). */
export async function handleRegister(
  deps: RegistrationDeps,
  request: SrfRequest,
  response: SrfResponse,
  peer: SipPeer,
  counted: Counted,
): Promise<void> {
  const { registrar } = deps;
  const username = parseUri(parseNameAddress(request.get('to') ?? '')?.uri ?? '')?.user;
  if (username === undefined) {
    response.send(400, 'Bad To');
    return;
  }
  const proven = await deps.authenticator.check(request, response, {
    ...counted,
    proxy: false,
    username,
    ha1s: async (user) => [...(await deps.auth.ha1(user, deps.realm)), ...flowHa1s(registrar, user, peer)],
  });
  // The connection may have closed while the password was looked up; nobody would take its binding away again.
  if (!proven || !deps.isOpen(peer)) return;
  const refusal = applyContacts(deps, request, peer, username, proven.ha1);
  if (refusal) response.send(refusal.status, refusal.reason, { headers: refusal.headers ?? {} });
  else confirm(deps, response, username);
}

interface Refusal {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: Record<string, string>;
}

/** §10.3 steps 6 and 7. */
function applyContacts(
  deps: RegistrationDeps,
  request: SrfRequest,
  peer: SipPeer,
  username: string,
  ha1: string,
): Refusal | undefined {
  const { registrar } = deps;
  const contacts = splitList(request.get('contact'));
  const headerExpires = expiresOf(request.get('expires'));
  if (contacts[0] === '*') {
    if (headerExpires !== 0 || contacts.length > 1) return { status: 400, reason: 'Bad Contact' };
    registrar.remove(username);
    return undefined;
  }
  for (const value of contacts) {
    const contact = parseNameAddress(value);
    if (!contact || !parseUri(contact.uri)) return { status: 400, reason: 'Bad Contact' };
    const expires = expiresOf(contact.params['expires']) ?? headerExpires ?? DEFAULT_EXPIRES;
    if (expires === 0) {
      registrar.remove(username, contact.uri);
      continue;
    }
    if (expires < MIN_EXPIRES) return { status: 423, headers: { 'Min-Expires': String(MIN_EXPIRES) } };
    const binding: Binding = {
      username,
      contact: contact.uri,
      instance: contact.params['+sip.instance'],
      peer,
      callId: request.get('call-id') ?? '',
      cseq: Number.parseInt(request.get('cseq') ?? '0', 10),
      userAgent: request.get('user-agent'),
      ha1,
      expiresAt: deps.clock.steady() + Math.min(expires, MAX_EXPIRES) * 1000,
    };
    const result = registrar.put(binding);
    if (result === 'tooMany') return { status: 403, reason: 'Too Many Contacts' };
    if (result === 'outOfOrder') return { status: 500 };
  }
  return undefined;
}

/** A password is for opening a registration; while its connection lives, refreshes go on with it (contract.md). */
function flowHa1s(registrar: Registrar, username: string, peer: SipPeer): string[] {
  const binding = peer.transport === 'udp' ? undefined : registrar.byFlow(peer);
  return binding?.username === username ? [binding.ha1] : [];
}

function confirm(deps: RegistrationDeps, response: SrfResponse, username: string): void {
  const now = deps.clock.steady();
  const contact = deps.registrar
    .of(username)
    .map(
      (binding) => `<${binding.contact}>;expires=${Math.max(0, Math.ceil((binding.expiresAt - now) / 1000))}`,
    )
    .join(', ');
  response.send(200, undefined, { headers: contact === '' ? {} : { Contact: contact } });
}

function expiresOf(value: string | undefined): number | undefined {
  const m = /^\s*(\d{1,10})\s*$/.exec(value ?? '');
  return m ? Number(m[1]) : undefined;
}
