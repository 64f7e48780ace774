import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { readTyped } from '../shared/br/phone.ts';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';

/** Where a company lets its people call. */
export interface DialingRules {
  /** Beginnings of E.164 numbers, e.g. +55 or +5511; none: nowhere. */
  readonly countries: readonly string[];
  /** Numbers that cost the caller more: 0300, 0303, 0500, 0900 and what other countries have. */
  readonly premium: boolean;
  /** Calls that one person may start in a minute. */
  readonly callsPerMinute: number;
}

export const DEFAULT_DIALING: DialingRules = { countries: ['+55'], premium: false, callsPerMinute: 10 };

/** Anatel, resolution 749/2022: 0300 and 0303 are shared cost (0303 telemarketing), 0500 donations, 0900 value added. */
const PREMIUM = /^0(300|303|500|900)\d{6,7}$/;
/** 0800 and the national access codes 300x and 400x cost no more than a local call; emergency and other short numbers are no destination. */
const ORDINARY_SERVICE = /^(080[03]\d{6,7}|[34]00\d{5})$/;
const BRAZIL = '+55';

const refused = (why: string): AppError =>
  new AppError('call.destinationNotAllowed', 422, 'The company does not call this kind of number.', { why });

/** Digits of a Brazilian special number, however its country code or trunk zero was written. */
const special = (text: string): string =>
  text
    .replace(/\D/g, '')
    .replace(/^(00)?55(?=0?[359]0[03])/, '')
    .replace(/^(?=[59]00\d{6,7}$)/, '0');

/**
 * The number as it is dialled: E.164, or a Brazilian service number. Every outbound call goes through here.
 * Errors: call.badNumber 422, call.digitMissing 422, call.destinationNotAllowed 422 with `why`: country, premium or special.
 */
export function destinationOf(text: string, rules: DialingRules): string {
  const inBrazil = rules.countries.some((prefix) => prefix.startsWith(BRAZIL) || BRAZIL.startsWith(prefix));
  const digits = special(text);
  if (PREMIUM.test(digits)) {
    if (!rules.premium || !inBrazil) throw refused('premium');
    return digits;
  }
  const phone = readTyped(text);
  if (phone === 'digitMissing')
    throw new AppError('call.digitMissing', 422, 'A mobile number has nine digits after its area.');
  if (phone === undefined) throw new AppError('call.badNumber', 422, 'this number cannot be called');
  if (phone.kind === 'service') {
    if (!ORDINARY_SERVICE.test(phone.value)) throw refused('special');
    if (!inBrazil) throw refused('country');
    return phone.value;
  }
  if (!rules.countries.some((prefix) => phone.value.startsWith(prefix))) throw refused('country');
  const type = parsePhoneNumberFromString(phone.value)?.getType();
  if (!rules.premium && (type === 'PREMIUM_RATE' || type === 'SHARED_COST')) throw refused('premium');
  return phone.value;
}

function exactly(text: string): string {
  const phone = readTyped(text);
  return typeof phone === 'object' ? phone.value : text;
}

/**
 * The number that the called person sees: one that the company owns, or nothing was asked for.
 * Errors: call.fromNotOwned 422 with the list.
 */
export function callerIdOf(from: string | undefined, owned: readonly string[]): string | undefined {
  if (from === undefined) return undefined;
  const wanted = exactly(from);
  const own = owned.find((number) => exactly(number) === wanted);
  if (own !== undefined) return own;
  throw new AppError('call.fromNotOwned', 422, 'The company calls with its own numbers only.', {
    numbers: [...new Set(owned)],
  });
}

const MINUTE_MS = 60_000;

/** How many calls each person started in the last minute; a stolen session or a loop must not empty an account. */
export function createCallCap(clock: Pick<Clock, 'steady'>) {
  const started = new Map<string, number[]>();
  return {
    /** Errors: call.tooMany 429. */
    count(personId: string, callsPerMinute: number): void {
      const now = clock.steady();
      const recent = (started.get(personId) ?? []).filter((at) => at > now - MINUTE_MS);
      if (recent.length >= callsPerMinute)
        throw new AppError('call.tooMany', 429, 'Too many calls in a minute; wait a moment.', {
          callsPerMinute,
        });
      started.set(personId, [...recent, now]);
    },
  };
}
