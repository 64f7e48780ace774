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

/** Reads a number as people, trunks and ERPs write it; `defaultArea` (DDD) completes local numbers. */
export function parsePhone(text: string, defaultArea?: string): Phone | undefined {
  // Letters mean that this is something else: a row of an import, a SIP user name.
  if (/[a-z]/i.test(text)) return undefined;
  const international = text.trim().startsWith('+') || /^\s*00[1-9]/.test(text);
  let digits = text.replace(/\D/g, '').replace(international ? /^00/ : /^$/, '');
  if (!international && SERVICE.test(digits)) return service(digits);
  if (international && !digits.startsWith('55')) return foreign(digits);
  if (international || (digits.startsWith('55') && digits.length >= 12)) digits = digits.slice(2);
  digits = national(digits);
  if (SERVICE.test(digits)) return service(digits);
  if (/^[2-9]\d{7,8}$/.test(digits) && defaultArea !== undefined) digits = defaultArea + digits;
  digits = withNinthDigit(digits);
  const parsed = parsePhoneNumberFromString(`+55${digits}`);
  if (parsed?.isPossible() !== true || !/^[1-9]{2}\d{8,9}$/.test(digits)) return undefined;
  const mobile = digits.length === 11;
  if (mobile && digits[2] !== '9') return undefined;
  return {
    value: `+55${digits}`,
    kind: mobile ? 'mobile' : 'fixed',
    callable: true,
    tail: digits.slice(0, 2) + digits.slice(-8),
  };
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
