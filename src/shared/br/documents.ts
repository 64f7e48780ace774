import { cnpj, cpf } from 'cpf-cnpj-validator';

/** Brazilian tax documents: CPF (person, 11 digits) and CNPJ (firm, 14 characters, with letters since July 2026). */
export interface TaxDocument {
  readonly kind: 'CPF' | 'CNPJ';
  /** Uppercase, unmasked; letters of a CNPJ are kept. */
  readonly value: string;
}

/** Reads a document with or without its mask; undefined when the check digits or the form are wrong. */
export function parseDocument(text: string): TaxDocument | undefined {
  const value = text.toUpperCase().replace(/[\s./-]/g, '');
  if (/^\d{11}$/.test(value) && cpf.isValid(value)) return { kind: 'CPF', value };
  if (/^[0-9A-Z]{12}\d{2}$/.test(value) && cnpj.isValid(value)) return { kind: 'CNPJ', value };
  return undefined;
}

/** Written like a document, whatever its check digits: an ERP may hold a wrong one, and people look for it. */
export function documentLike(text: string): string | undefined {
  const value = text.toUpperCase().replace(/[\s./-]/g, '');
  return /^(\d{11}|[0-9A-Z]{12}\d{2})$/.test(value) ? value : undefined;
}

/** `***.456.789-**` for a CPF, `**.345.678/****-**` for a CNPJ (LGPD: lists and logs show no whole document). */
export function maskDocument(value: string): string {
  if (value.length === 11) return `***.${value.slice(3, 6)}.${value.slice(6, 9)}-**`;
  if (value.length === 14) return `**.${value.slice(2, 5)}.${value.slice(5, 8)}/****-**`;
  return '***';
}

/** Check digits of a CPF for its first nine (weights 10…2 and 11…2, modulo 11). */
export function completeCpf(nine: string): string {
  const digit = (digits: string): string => {
    const sum = Array.from(digits).reduce((total, d, i) => total + Number(d) * (digits.length + 1 - i), 0);
    const rest = (sum * 10) % 11;
    return String(rest === 10 ? 0 : rest);
  };
  const first = digit(nine);
  return nine + first + digit(nine + first);
}

/** Check digits of a CNPJ for its first twelve characters (value = ASCII − 48; IN RFB 2.229/2024). */
export function completeCnpj(twelve: string): string {
  const digit = (chars: string): string => {
    const sum = Array.from(chars)
      .reverse()
      .reduce((total, c, i) => total + (c.charCodeAt(0) - 48) * (2 + (i % 8)), 0);
    const rest = sum % 11;
    return String(rest < 2 ? 0 : 11 - rest);
  };
  const first = digit(twelve);
  return twelve + first + digit(twelve + first);
}
