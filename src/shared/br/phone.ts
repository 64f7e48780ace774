import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A phone number as Ramal stores and compares it. */
export interface Phone {
  /** E.164 (`+5511987654321`), or the digits as dialled for service numbers (`0800…`, `4004…`, `190`). */
  readonly value: string;
  readonly kind: 'mobile' | 'fixed' | 'service' | 'foreign';
  /** Service numbers are valid callers but nobody to call back. */
  readonly callable: boolean;
  /** DDD + last 8 digits: the same person with and without the ninth digit. */
  readonly tail: string;
}

// 0800, 0300, 0303, 400x, 300x, 1xx, 103xx (domain.md, Formats).
const SERVICE = /^(0[38]0[03]\d{6,7}|[34]00\d{5}|1\d{2}|103\d{2})$/;

function service(digits: string): Phone {
  return { value: digits, kind: 'service', callable: false, tail: digits };
}

/** Drops the carrier prefix (`0 15 11 …`) and the trunk zero of a national number. */
function national(digits: string): string {
  if (/^0\d{2}[1-9]{2}\d{8,9}$/.test(digits)) return digits.slice(3);
  if (/^0[1-9]{2}\d{8,9}$/.test(digits)) return digits.slice(1);
  return digits;
}

/** A Brazilian mobile is DDD + 9 + 8 digits: ten digits whose subscriber part starts 6–9 get the 9. */
function withNinthDigit(digits: string): string {
  return /^[1-9]{2}[6-9]\d{7}$/.test(digits) ? `${digits.slice(0, 2)}9${digits.slice(2)}` : digits;
}

/** Digits of a Brazilian number without country, carrier prefix, with area and ninth digit; undefined: not one. */
function brazilian(digits: string, defaultArea: string | undefined): string | undefined {
  let local = national(digits);
  if (/^[2-9]\d{7,8}$/.test(local) && defaultArea !== undefined) local = defaultArea + local;
  local = withNinthDigit(local);
  const mobileWithoutNine = local.length === 11 && local[2] !== '9';
  if (!/^[1-9]{2}\d{8,9}$/.test(local) || mobileWithoutNine) return undefined;
  return parsePhoneNumberFromString(`+55${local}`)?.isPossible() === true ? local : undefined;
}

/** Reads a number as people, trunks and ERPs write it; `defaultArea` (DDD) completes local numbers. */
export function parsePhone(text: string, defaultArea?: string): Phone | undefined {
  // Letters mean that this is something else: a row of an import, a SIP user name.
  if (/[a-z]/i.test(text)) return undefined;
  const international = text.trim().startsWith('+') || /^\s*00[1-9]/.test(text);
  const digits = text.replace(/\D/g, '').replace(international ? /^00/ : /^$/, '');
  if (!international && SERVICE.test(digits)) return service(digits);
  if (international && !digits.startsWith('55')) return foreign(digits);
  const withCountry = international || (digits.startsWith('55') && digits.length >= 12);
  const local = withCountry ? digits.slice(2) : digits;
  if (SERVICE.test(local)) return service(local);
  const number = brazilian(local, defaultArea);
  if (number === undefined) return undefined;
  const kind = number.length === 11 ? 'mobile' : 'fixed';
  return { value: `+55${number}`, kind, callable: true, tail: number.slice(0, 2) + number.slice(-8) };
}

function foreign(digits: string): Phone | undefined {
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  if (parsed?.isPossible() !== true) return undefined;
  return { value: parsed.number, kind: 'foreign', callable: true, tail: digits.slice(-10) };
}

/** `+55 11 9****-4321`: enough to recognise, not to call. */
export function maskPhone(e164: string): string {
  return e164.length < 8 ? '****' : `${e164.slice(0, 5)}****${e164.slice(-4)}`;
}
