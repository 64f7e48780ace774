const DIGITS = ['zero', 'um', 'dois', 'três', 'quatro', 'cinco', 'seis', 'sete', 'oito', 'nove'];

const words = (digits: string) =>
  Array.from(digits, String)
    .map((d) => DIGITS[Number(d)] ?? d)
    .join(' ');

export interface DigitGroup {
  readonly digits: string;
  readonly text: string;
  /** Silence after the group, ms. */
  readonly tailMs: number;
}

/**
 * A protocol (AAAAMM + 10 digits) digit by digit in groups of 4, 2, 3, 3, 2, 2; other numbers in groups of 3 and 2.
 * So few different clips exist (a year, 12 months, 1,000 triples, 100 pairs twice) that all calls share them.
 */
export function protocolGroups(digits: string): DigitGroup[] {
  const clean = digits.replaceAll(/\D/g, '');
  const sizes = clean.length === 16 ? [4, 2, 3, 3, 2, 2] : groupSizes(clean.length);
  const groups: DigitGroup[] = [];
  let at = 0;
  sizes.forEach((size, i) => {
    const part = clean.slice(at, at + size);
    const last = i === sizes.length - 1;
    groups.push({ digits: part, text: `${words(part)}${last ? '.' : ','}`, tailMs: last ? 150 : 70 });
    at += size;
  });
  return groups;
}

function groupSizes(length: number): number[] {
  const sizes: number[] = [];
  for (let left = length; left > 0; ) {
    const size = left === 4 || left <= 2 ? Math.min(2, left) : 3;
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

/** The same for eyes: `2026 11 000 000 00 12`. */
export const groupedDigits = (digits: string) =>
  protocolGroups(digits)
    .map((g) => g.digits)
    .join(' ');

/** Numbers whose clips serve the first protocols of a month (`AAAAMM`): to be made ready by a start. */
export const firstProtocols = (yearMonth: string): string[] =>
  Array.from({ length: 20 }, (_, i) => `${yearMonth}${String(i + 1).padStart(10, '0')}`);
