/** "+5511987654321" → "(11) 98765-4321"; what is not a Brazilian number is shown as it came. */
export function phoneText(address: string): string {
  // Lists carry them masked: +5511****4321.
  const match = /^\+55(\d{2})(\d{4,5}|\*{4})(\d{4})$/.exec(address);
  return match ? `(${match[1] ?? ''}) ${match[2] ?? ''}-${match[3] ?? ''}` : address;
}

/** 16 digits as "202611 0000 0001 23" would be hard to say: groups of 6-4-6 (year and month, then the sequence). */
export function protocolText(number: string): string {
  return /^\d{16}$/.test(number)
    ? `${number.slice(0, 6)} ${number.slice(6, 11)} ${number.slice(11)}`
    : number;
}

/** A document that arrives whole is masked before it is shown (domain: privacy). Masked ones pass unchanged. */
export function maskDocument(document: string): string {
  const bare = document.replace(/[.\-/\s]/g, '').toUpperCase();
  if (document.includes('*')) return document;
  if (/^\d{11}$/.test(bare)) return `***.${bare.slice(3, 6)}.${bare.slice(6, 9)}-**`;
  if (/^[0-9A-Z]{12}\d{2}$/.test(bare)) return `**.${bare.slice(2, 5)}.${bare.slice(5, 8)}/****-**`;
  return document;
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}

export interface Formats {
  time: (iso: string) => string;
  dateTime: (iso: string) => string;
  date: (iso: string) => string;
  money: (cents: number) => string;
  percent: (share: number) => string;
  /** One digit after the separator of the language, with a true minus sign. */
  decimal: (value: number) => string;
}

/** `now` decides whether the day is worth telling. Dates without a time ("2026-11-10") are days, not instants. */
export function createFormats(language: 'pt-BR' | 'en', now: () => number): Formats {
  // The hours of a contact centre are told from 0 to 24, and its days before its months, in English too.
  const locale = language === 'en' ? 'en-GB' : language;
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit' });
  const full = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: 'numeric' });
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: 'BRL' });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return {
    time: (iso) => time.format(new Date(iso)),
    dateTime: (iso) => {
      const at = new Date(iso);
      const today = new Date(now()).toDateString() === at.toDateString();
      return today ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
    },
    date: (iso) => full.format(/^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T12:00:00`) : new Date(iso)),
    money: (cents) => money.format(cents / 100),
    percent: (share) => percent.format(share),
    decimal: (value) => decimal.format(value).replace('-', '−'),
  };
}
