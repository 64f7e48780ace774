import type { ProtocolNumber } from '../../shared/ids.ts';

/** Which run of numbers: the ombudsman's stand in a range of their own (RGC). */
export type ProtocolKind = 'regular' | 'ombudsman';

/** Version of the layout below; stored with each number so that it can be read in years. */
export const NUMBER_TEMPLATE = 1;

const SEQUENCE_DIGITS = 10;
const FIRST: Readonly<Record<ProtocolKind, number>> = { regular: 1, ombudsman: 9_000_000_001 };

/** Reads `AAAAMM`, year and month, off the company's clock. Building one is slow, asking it is not. */
export function monthReader(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit' });
  return (at) => {
    const parts = format.formatToParts(at);
    const part = (type: string): string => parts.find((piece) => piece.type === type)?.value ?? '';
    return part('year').padStart(4, '0') + part('month');
  };
}

/** The `nth` number (from 0) of a month: `AAAAMM` + 10 digits. */
export const numberOf = (month: string, kind: ProtocolKind, nth: number): ProtocolNumber =>
  // The one place where a protocol number is made.
  `${month}${String(FIRST[kind] + nth).padStart(SEQUENCE_DIGITS, '0')}` as ProtocolNumber;

/** 16 digits and a month that exists; anything else is not ours. */
export const isProtocolNumber = (text: string): text is ProtocolNumber =>
  /^\d{4}(0[1-9]|1[0-2])\d{10}$/.test(text);

/** Digit by digit in groups, for speech: `2026 11 000 000 0123` → "2 0 2 6, 1 1, 0 0 0, 0 0 0, 0 1 2 3". */
export function spokenProtocol(number: string): string {
  const bounds = [0, 4, 6, 9, 12, 16];
  return bounds
    .slice(0, -1)
    .map((from, i) => Array.from(number.slice(from, bounds[i + 1])).join(' '))
    .join(', ');
}
