import { createHash } from 'node:crypto';
import { z } from 'zod';
import { unaudited, route } from '../platform/http/index.ts';
import { readTyped } from '../shared/br/phone.ts';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { Random } from '../shared/random.ts';
import { createRecent } from '../shared/recent.ts';
import { SIMULATOR_PREFIX } from './admission.ts';
import type { SoftphoneAuth } from './ports.ts';

/** A simulated phone may register for this long after the page asked for it, ms; refreshes go on afterwards. */
const PASSWORD_LIFE_MS = 10 * 60_000;
const MAX_PHONES = 500;

export const simulatorUsername = (e164: string): string => SIMULATOR_PREFIX + e164.replace(/\D/g, '');

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/**
 * The demo's customer phones: anybody who opens the simulator page may be any caller, so this exists only while the
 * demo runs on loopback. The SIP side sees ordinary registered softphones with a name of their own.
 */
export function createSimulatorPhones(deps: {
  readonly clock: Clock;
  readonly random: Random;
  readonly realm: string;
  readonly sipHost: string;
  readonly wsUrl: string;
  readonly did: string;
}) {
  const passwords = createRecent<{ password: string; until: number }[]>(MAX_PHONES);

  const auth: SoftphoneAuth = {
    ha1(username, realm) {
      const now = deps.clock.steady();
      const live = (passwords.get(username) ?? []).filter((entry) => entry.until > now);
      return Promise.resolve(live.map((entry) => md5(`${username}:${realm}:${entry.password}`)));
    },
  };

  function issue(username: string): string {
    const now = deps.clock.steady();
    const password = Buffer.from(deps.random.bytes(18)).toString('base64url');
    const live = (passwords.get(username) ?? []).filter((entry) => entry.until > now).slice(-4);
    passwords.set(username, [...live, { password, until: now + PASSWORD_LIFE_MS }]);
    return password;
  }

  const routes = [
    route({
      method: 'get',
      path: '/api/v1/simulator/phone',
      tag: 'simulator',
      summary: "A customer's phone for the simulator page (demo only)",
      auth: 'public',
      hidden: true,
      query: z.object({ caller: z.string().max(32).default('+5511987654321') }),
      responses: {
        200: z.object({
          sipUri: z.string(),
          wsUrl: z.string(),
          username: z.string(),
          password: z.string(),
          iceServers: z.array(z.object({ urls: z.string() })),
          did: z.string(),
        }),
      },
      audit: unaudited('system'),
      handle: ({ query }) => {
        const phone = readTyped(query.caller);
        if (phone === 'digitMissing')
          throw new AppError('phone.digitMissing', 400, 'a mobile number has nine digits after its area');
        if (phone === undefined) throw new AppError('phone.invalid', 400, 'this is not a phone number');
        const username = simulatorUsername(phone.value);
        return Promise.resolve({
          status: 200,
          body: {
            sipUri: `sip:${username}@${deps.sipHost}`,
            wsUrl: deps.wsUrl,
            username,
            password: issue(username),
            iceServers: [],
            did: deps.did,
          },
        });
      },
    }),
  ];
  return { auth, routes };
}

/**
 * Asks the simulator for its own users and the rest of the house for everybody else. Where there is no simulator its names
 * belong to nobody: a person who was given one would call in as any customer, and take calls to them.
 */
export function combineAuth(simulator: SoftphoneAuth | undefined, users: SoftphoneAuth): SoftphoneAuth {
  const nobody: SoftphoneAuth = { ha1: () => Promise.resolve([]) };
  return {
    ha1: (username, realm) =>
      (username.startsWith(SIMULATOR_PREFIX) ? (simulator ?? nobody) : users).ha1(username, realm),
  };
}
