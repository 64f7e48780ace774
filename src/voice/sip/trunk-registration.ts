import type { Clock, Timer } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import type { RegistrationStatus, TrunkConfig } from '../ports.ts';
import { within } from '../deadline.ts';
import { answerChallenge, isStale } from './digest.ts';
import { parseNameAddress, parseUri, splitList, wantsTls } from './embedded/sip-values.ts';
import type { SipLogger } from './logger.ts';
import { retryAfterS } from './retry-after.ts';
import type { SrfLike, SrfResponse } from './srf-types.ts';

/**
 * We as a telephone of the carrier (RFC 3261 §10.2): registered, refreshed before it ends, tried again with growing pauses
 * when it fails.
 *
 * ```
 * registering ─200→ registered ─half of its time→ registering …
 *      └─refused, silent→ failed ─back-off→ registering …
 * ```
 */
export interface TrunkRegistrations {
  /** Registers new trunks and changed ones, takes back those that are gone. */
  set(trunks: readonly TrunkConfig[]): void;
  status(trunkId: string): RegistrationStatus | undefined;
  /** Takes registrations back; resolves when that was answered or refused. */
  stop(): Promise<void>;
}

export interface TrunkRegistrationDeps {
  readonly srf: SrfLike;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: SipLogger;
  /** The registrar's address: its calls come from there. */
  readonly onRegistered: (trunkId: string, address: string) => void;
}

/** RFC 5626 §4.5: pauses double up to half an hour. */
const FIRST_PAUSE_MS = 30_000;
const LAST_PAUSE_MS = 30 * 60_000;
/** A registrar may grant seconds; what it grants is over before a longer pause would be. */
const MIN_REFRESH_MS = 1_000;
/** Challenges that one REGISTER answers: the first, and one of an old nonce. */
const MAX_ANSWERS = 2;

/** Longer than a request of the old registration can be repeated (RFC 3261 §17.1.2, timer F), ms. */
const LEAVING_MS = 33_000;

type Registration = NonNullable<TrunkConfig['registration']>;

const seconds = (value: string | undefined): number | undefined => {
  const m = /^\s*(\d{1,9})\s*$/.exec(value ?? '');
  return m ? Number(m[1]) : undefined;
};

export function createTrunkRegistrations(deps: TrunkRegistrationDeps): TrunkRegistrations {
  const running = new Map<string, { readonly print: string; readonly one: OneRegistration }>();
  /** Registrations that are being taken back, by trunk. */
  const leaving = new Map<string, Promise<unknown>>();
  const leave = (id: string, one: OneRegistration): void => {
    const before = leaving.get(id) ?? Promise.resolve();
    const left = Promise.all([before, one.stop()]).finally(() => {
      if (leaving.get(id) === left) leaving.delete(id);
    });
    leaving.set(id, left);
  };
  return {
    set(trunks) {
      const wanted = new Map(trunks.filter((trunk) => trunk.registration).map((trunk) => [trunk.id, trunk]));
      for (const [id, { print, one }] of running) {
        if (printOf(wanted.get(id)) === print) continue;
        running.delete(id);
        leave(id, one);
      }
      for (const [id, trunk] of wanted) {
        if (running.has(id) || !trunk.registration) continue;
        const one = new OneRegistration(deps, id, trunk.registration, trunk.proxy);
        running.set(id, { print: printOf(trunk), one });
        // A repeated packet of the old one would take the binding of the new one away (RFC 3261 §10.3 step 7).
        const before = leaving.get(id);
        if (before === undefined) one.start();
        else void within(deps.clock, LEAVING_MS, before, undefined).then(() => one.start());
      }
    },
    status: (id) => running.get(id)?.one.status,
    async stop() {
      await Promise.all([...leaving.values(), ...[...running.values()].map(({ one }) => one.stop())]);
      running.clear();
    },
  };
}

const printOf = (trunk: TrunkConfig | undefined): string =>
  JSON.stringify([trunk?.registration ?? null, trunk?.proxy ?? null]);

interface Answer {
  readonly response: SrfResponse;
  readonly address: string;
}

class OneRegistration {
  status: RegistrationStatus;
  private readonly deps: TrunkRegistrationDeps;
  private readonly trunkId: string;
  private readonly wish: Registration;
  private readonly proxy: string | undefined;
  private readonly callId: string;
  private readonly host: string;
  private seq = 0;
  private failures = 0;
  private expiresS: number;
  private timer: Timer | undefined;
  private stopped = false;
  /** The registrar holds a binding of ours, as far as we know. */
  private bound = false;
  private work: Promise<void> = Promise.resolve();

  constructor(deps: TrunkRegistrationDeps, trunkId: string, wish: Registration, proxy: string | undefined) {
    this.deps = deps;
    this.trunkId = trunkId;
    this.wish = wish;
    this.proxy = proxy;
    this.expiresS = wish.expiresS;
    this.callId = Buffer.from(deps.random.bytes(12)).toString('hex');
    const host = parseUri(wish.registrar)?.host ?? '';
    this.host = host.includes(':') ? `[${host}]` : host;
    this.status = { state: 'registering', since: new Date(deps.clock.now()) };
  }

  start(): void {
    if (this.stopped) return;
    this.work = this.register().catch((error: unknown) => {
      this.deps.logger.error({ error, trunk: this.trunkId }, 'registration at a trunk failed');
      this.fail(500, 'Internal');
    });
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    if (this.stopped) return;
    this.stopped = true;
    // What is on its way may still bind us; once bound, a later number of the same Call-ID is enough.
    if (!this.bound) await this.work;
    if (this.bound) await this.ask(0).catch(() => undefined);
  }

  private async register(): Promise<void> {
    let answer = await this.ask(this.expiresS);
    // §10.3 step 7: the registrar says what it takes at least.
    const least = answer.response.status === 423 ? seconds(answer.response.get('min-expires')) : undefined;
    if (!this.stopped && least !== undefined && least > this.expiresS && least <= 86_400) {
      this.expiresS = least;
      answer = await this.ask(least);
    }
    const { response, address } = answer;
    const taken = response.status >= 200 && response.status <= 299;
    this.bound ||= taken;
    if (this.stopped) return;
    if (!taken) {
      this.fail(response.status, response.reason, retryAfterS(response.get('retry-after')));
      return;
    }
    const granted = this.granted(response);
    if (granted === 0) {
      // Taken and not kept: nobody would find us there.
      this.bound = false;
      this.fail(response.status, 'Not Bound');
      return;
    }
    this.failures = 0;
    const now = this.deps.clock.now();
    if (this.status.state !== 'registered')
      this.deps.logger.info({ trunk: this.trunkId, expiresS: granted }, 'registered at a trunk');
    const since = this.status.state === 'registered' ? this.status.since : new Date(now);
    this.status = { state: 'registered', since, expiresAt: new Date(now + granted * 1000) };
    if (address !== '') this.deps.onRegistered(this.trunkId, address);
    this.again(Math.max(MIN_REFRESH_MS, granted > 1200 ? (granted - 600) * 1000 : granted * 500));
  }

  private fail(status: number, reason: string, askedS = 0): void {
    if (this.stopped) return;
    const now = this.deps.clock.now();
    const doubled = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.failures++, 10));
    // Half to whole of it, so that all trunks of a carrier that was away do not come back in one moment.
    const chance = (this.deps.random.bytes(1)[0] ?? 0) / 255;
    const asked = Math.min(askedS * 1000, LAST_PAUSE_MS);
    const pauseMs = Math.max(asked, Math.round(doubled * (0.5 + chance / 2)));
    this.deps.logger.warn({ trunk: this.trunkId, status, pauseMs }, 'a trunk does not take our registration');
    this.status = {
      state: 'failed',
      since: this.status.state === 'failed' ? this.status.since : new Date(now),
      status,
      reason: reason.slice(0, 120),
      retryAt: new Date(now + pauseMs),
    };
    this.again(pauseMs);
  }

  private again(ms: number): void {
    this.timer?.cancel();
    this.timer = this.deps.clock.after(ms, () => {
      this.start();
    });
  }

  /** What the registrar says of our contact, else of all, else what we asked for. */
  private granted(response: SrfResponse): number {
    const mine = splitList(response.get('contact')).map(parseNameAddress);
    const ours = mine.find((contact) => parseUri(contact?.uri ?? '')?.user === this.wish.username) ?? mine[0];
    return seconds(ours?.params['expires']) ?? seconds(response.get('expires')) ?? this.expiresS;
  }

  /** One REGISTER, with its password when it is asked for. */
  private async ask(expiresS: number): Promise<Answer> {
    let authorization: Record<string, string> = {};
    let answers = 0;
    for (;;) {
      const answer = await this.send(expiresS, authorization);
      const { status } = answer.response;
      if (status !== 401 && status !== 407) return answer;
      if (this.stopped && expiresS > 0) return answer;
      const asked = answer.response.get(status === 401 ? 'www-authenticate' : 'proxy-authenticate') ?? '';
      if (answers >= MAX_ANSWERS || (answers > 0 && !isStale(asked))) return answer;
      answers++;
      const cnonce = Buffer.from(this.deps.random.bytes(8)).toString('hex');
      const value = answerChallenge(asked, this.wish, 'REGISTER', this.wish.registrar, cnonce);
      if (value === undefined) return answer;
      authorization = { [status === 401 ? 'Authorization' : 'Proxy-Authorization']: value };
    }
  }

  private send(expiresS: number, authorization: Record<string, string>): Promise<Answer> {
    const { registrar } = this.wish;
    const user = encodeURIComponent(this.wish.username).replace(/%2B/gi, '+');
    const address = `<sip:${user}@${this.host}>`;
    const headers = {
      From: address,
      To: address,
      'Call-ID': this.callId,
      CSeq: `${++this.seq} REGISTER`,
      // The server puts its own address where "localhost" stands.
      Contact: `<sip:${user}@localhost>`,
      Expires: String(expiresS),
      ...authorization,
    };
    const target = parseUri(this.proxy ?? registrar);
    if (!target || wantsTls(target)) return Promise.resolve({ response: NO_TLS, address: '' });
    const options = {
      method: 'REGISTER',
      headers,
      ...(this.proxy === undefined ? {} : { proxy: this.proxy }),
    };
    return new Promise((resolve) => {
      this.deps.srf.request(registrar, options, (error, request) => {
        if (error) resolve({ response: UNREACHABLE, address: '' });
        else
          request.on('response', (response) => {
            if (response.status >= 200) resolve({ response, address: request.source_address });
          });
      });
    });
  }
}

const own = (status: number, reason: string): SrfResponse => ({
  ...{ status, reason, body: '', finalResponseSent: true },
  ...{ get: () => undefined, has: () => false, send: () => undefined },
});
const UNREACHABLE = own(503, 'Unreachable');
const NO_TLS = own(503, 'No TLS');
