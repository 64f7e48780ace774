import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { withoutInvisible } from '../invisible.ts';

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

/**
 * Drops what is dialled before area and number: the trunk zero, alone or with a carrier's two digits (`0 15 11 …`), and a
 * carrier before the country (`0 21 55 11 …`, also without the zero). Lengths tell them apart.
 */
function national(digits: string): string {
  const found = /^(?:0?\d{2}55|0\d{2}|0)?([1-9]{2}\d{8,9})$/.exec(digits);
  return found?.[1] ?? digits;
}

/** A Brazilian mobile is DDD + 9 + 8 digits: ten digits whose subscriber part starts 6–9 get the 9. */
function withNinthDigit(digits: string): string {
  return /^[1-9]{2}[6-9]\d{7}$/.test(digits) ? `${digits.slice(0, 2)}9${digits.slice(2)}` : digits;
}

/**
 * What ten digits without a ninth are. `complete`: an old mobile number, as carriers and ERPs still send it. Fixed numbers begin with
 * 2–5 in Brazil, so `refuse`: of what a person typed a digit is missing, or is the wrong one.
 */
type Ten = 'complete' | 'refuse';

const isNeitherFixedNorMobile = (local: string): boolean => /^\d{2}[016-9]\d{7}$/.test(local);

/** Digits of a Brazilian number without country, carrier prefix, with area and ninth digit; undefined: not one. */
function brazilian(digits: string, defaultArea: string | undefined, ten: Ten): string | undefined {
  let local = national(digits);
  if (/^[2-9]\d{7,8}$/.test(local) && defaultArea !== undefined) local = defaultArea + local;
  if (ten === 'refuse' && isNeitherFixedNorMobile(local)) return undefined;
  local = withNinthDigit(local);
  const mobileWithoutNine = local.length === 11 && local[2] !== '9';
  if (!/^[1-9]{2}\d{8,9}$/.test(local) || mobileWithoutNine) return undefined;
  return parsePhoneNumberFromString(`+55${local}`)?.isPossible() === true ? local : undefined;
}

/** 0800 and its kin lose their zero behind the country code: +55 800 123 4567. */
const withServiceZero = (local: string): string => (/^[38]0[03]\d{6,7}$/.test(local) ? `0${local}` : local);

/**
 * Reads a number as trunks and ERPs send it, and what is searched for; `defaultArea` (DDD) completes local numbers, and old mobile
 * ones get their ninth digit. What a person types to be kept or called is for `readTyped`.
 */
export const parsePhone = (text: string, defaultArea?: string): Phone | undefined =>
  read(text, defaultArea, 'complete');

/**
 * Reads a number that a person typed, to be kept or called: it is never made into another one. `digitMissing`: it would be a mobile
 * number if a digit were put in. undefined: not a number.
 */
export function readTyped(text: string): Phone | 'digitMissing' | undefined {
  const plain = inAscii(text);
  if (!TYPED.test(plain.replace(STARTS_WITH_PLUS, ''))) return undefined;
  const asWritten = read(plain, undefined, 'refuse');
  // Abroad nothing is completed, so what no country has given out is a slip of the hand.
  if (asWritten?.kind === 'foreign')
    return parsePhoneNumberFromString(asWritten.value)?.isValid() === true ? asWritten : undefined;
  if (asWritten !== undefined) return asWritten;
  return parsePhone(plain)?.kind === 'mobile' ? 'digitMissing' : undefined;
}

/** Digits and what stands between them, behind a plus. Whatever else was typed may be a second number, or a digit. */
const TYPED = /^[\d\s().\u002d\u2010-\u2015\u2212]*$/;
const STARTS_WITH_PLUS = /^[\s(]*\+/;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const TO_ASCII = 0xfee0;

/** What a number is copied along with: `Tel.: `, `Fone: `, and the scheme of links (RFC 3966), whose writers escape blanks. */
const LABEL =
  /^\s*(?:tel|telefones?|fone|phone|cel|celular|mobile|m[o\u00f3]vel|fixo|fax|whats|whatsapp|zap)(?:\s*[:.]+\s*|\s+(?=[\d(+]))/i;
const ESCAPED_BLANK = /%20/g;
/** Where a carrier's two digits go, as letterheads have it: `0xx11`, `0**11`. Nobody's own number begins so. */
const CARRIER_PLACE = /^((?:\+?\s*55)?[\s(]*0\s?)(?:xx|\*\*)(?=[\s().-]*[1-9]{2})/i;

/**
 * Marks of direction, which phones and messengers copy along, are not seen; the wide forms of keyboards of the East are read. A label
 * before the number and the place of a carrier are left out.
 */
const inAscii = (text: string): string =>
  withoutInvisible(text)
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - TO_ASCII))
    .replace(ESCAPED_BLANK, ' ')
    .replace(LABEL, '')
    .replace(CARRIER_PLACE, '$1');

function read(text: string, defaultArea: string | undefined, ten: Ten): Phone | undefined {
  const plain = inAscii(text);
  // Letters mean that this is something else: a row of an import, a SIP user name.
  if (/[a-z]/i.test(plain)) return undefined;
  const plus = STARTS_WITH_PLUS.test(plain);
  const written = plain.replace(/\D/g, '');
  const international = plus || /^00[1-9]/.test(written);
  const digits = plus ? written : written.replace(/^00(?=[1-9])/, '');
  if (!international && SERVICE.test(digits)) return service(digits);
  // Abroad is dialled as 00, carrier, country; home may be written so too.
  const home = digits.startsWith('55') || /^\d{2}55[1-9]{2}\d{8,9}$/.test(digits);
  if (international && !home) return foreign(digits, plus);
  const withCountry = digits.startsWith('55') && (international || digits.length >= 12);
  const local = withServiceZero(withCountry ? digits.slice(2) : digits);
  if (SERVICE.test(local)) return service(local);
  const number = brazilian(local, defaultArea, ten);
  if (number === undefined) return undefined;
  const kind = number.length === 11 ? 'mobile' : 'fixed';
  return { value: `+55${number}`, kind, callable: true, tail: number.slice(0, 2) + number.slice(-8) };
}

/** `exact`: written with a plus, so no carrier stands before the country. */
function foreign(digits: string, exact: boolean): Phone | undefined {
  const direct = parsePhoneNumberFromString(`+${digits}`);
  const behindCarrier = exact ? undefined : parsePhoneNumberFromString(`+${digits.slice(2)}`);
  const parsed = direct?.isValid() !== true && behindCarrier?.isValid() === true ? behindCarrier : direct;
  if (parsed?.isPossible() !== true) return undefined;
  const { number } = parsed;
  return { value: number, kind: 'foreign', callable: true, tail: number.slice(1).slice(-10) };
}

const MIN_BEGINNING = 5;

/**
 * What the E.164 of a number begins with whose beginning was typed: with or without country, trunk zero and ninth digit. Empty:
 * this is no beginning of a number, or so short that it means anybody.
 */
export function phoneBeginnings(text: string): readonly string[] {
  const typed = inAscii(text).trim();
  const digits = typed.replace(/\D/g, '');
  if (!/^[+\d\s().-]+$/.test(typed) || digits.length < MIN_BEGINNING) return [];
  if (STARTS_WITH_PLUS.test(typed)) return [`+${digits}`];
  const local = digits.replace(/^0(?=[1-9])/, '');
  return [
    `+55${local}`,
    ...(digits.startsWith('55') ? [`+${digits}`] : []),
    ...(/^[1-9]{2}[6-9]\d{2,7}$/.test(local) ? [`+55${local.slice(0, 2)}9${local.slice(2)}`] : []),
    // 0800 and its kin have no country.
    ...(digits.startsWith('0') ? [digits] : []),
  ];
}

/** `+55 11 9****-4321`: enough to recognise, not to call. */
export function maskPhone(e164: string): string {
  return e164.length < 8 ? '****' : `${e164.slice(0, 5)}****${e164.slice(-4)}`;
}
