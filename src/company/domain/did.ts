import { parsePhone } from '../../shared/br/phone.ts';

/** A number as trunks send it: with or without +, country, carrier prefix or area. */
export interface DidNumber {
  /** E.164, or a service number as it is dialled (0800…, 4004…). */
  readonly number: string;
}

/** Shorter than this says too little to be the end of a number. */
const MIN_DIGITS = 8;

/**
 * The DID that was called, read as callers' numbers are; else by the digits that the trunk left over, never guessed: two that
 * fit are none.
 */
export function matchDid<T extends DidNumber>(dids: readonly T[], called: string): T | undefined {
  const digits = called.replace(/\D/g, '');
  const read = parsePhone(called)?.value;
  const exact = dids.find(({ number }) => number === `+${digits}` || number === digits || number === read);
  if (exact !== undefined) return exact;
  const left = digits.replace(/^0+/, '');
  const fits = dids.filter(({ number }) => isEndOf(number, left) || isLocalService(number, read));
  return fits.length === 1 ? fits[0] : undefined;
}

const isEndOf = (number: string, digits: string): boolean =>
  digits.length >= MIN_DIGITS && number.endsWith(digits);

/** 4004 and its kin are dialled with an area before them as well. */
const isLocalService = (number: string, read: string | undefined): boolean =>
  /^[34]00\d{5}$/.test(number) && read?.length === '+5511'.length + 8 && read.endsWith(number);
