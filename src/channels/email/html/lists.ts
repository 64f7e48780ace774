import type { Tag } from './tokens.ts';

interface List {
  readonly ordered: boolean;
  readonly type: string;
  readonly marked: boolean;
  next: number;
}

/** The lists that are open, and what stands before the next item. */
export class Lists {
  readonly #open: List[] = [];

  get some(): boolean {
    return this.#open.length > 0;
  }
  begin({ name, attribute }: Tag): void {
    const style = attribute('style') ?? '';
    this.#open.push({
      ordered: name === 'ol',
      type: attribute('type') ?? '',
      marked: !/list-style(?:-type)?\s*:\s*none/i.test(style),
      next: numberOf(attribute('start')) ?? 1,
    });
  }
  end(): void {
    this.#open.pop();
  }
  marker({ attribute }: Tag): string {
    const list = this.#open.at(-1);
    if (list?.marked === false) return '';
    if (list?.ordered !== true) return '- ';
    const number = numberOf(attribute('value')) ?? list.next;
    list.next = number + 1;
    return `${numeral(number, list.type)}. `;
  }
}

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*-?\d{1,6}\s*$/.test(text) ? Number(text) : undefined;

/** People write "see (b)": letters and Roman numbers are part of what is said. */
function numeral(number: number, type: string): string {
  if (number < 1) return String(number);
  if (type === 'a' || type === 'A') return inCase(letters(number), type === 'A');
  if ((type === 'i' || type === 'I') && number < 4000) return inCase(roman(number), type === 'I');
  return String(number);
}

const inCase = (text: string, upper: boolean): string => (upper ? text.toUpperCase() : text);

function letters(number: number): string {
  let left = number;
  let text = '';
  while (left > 0) {
    text = String.fromCharCode(97 + ((left - 1) % 26)) + text;
    left = Math.floor((left - 1) / 26);
  }
  return text;
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function roman(number: number): string {
  let left = number;
  let text = '';
  for (const [value, sign] of ROMAN) for (; left >= value; left -= value) text += sign;
  return text;
}
