import type { Range } from '../../../src/contracts/ranges.ts';
import type { Dictionary } from '../i18n/index.ts';

/** What a field takes, as far as it can be told before the server is asked. */
export interface Rules {
  required?: boolean | undefined;
  /** Characters. */
  minLength?: number | undefined;
  maxLength?: number | undefined;
  /** How it is written, and the words for it. */
  shape?: { pattern: RegExp; words: string } | undefined;
  /** What only the form knows, in its words. */
  wrong?: string | null | undefined;
}

/** Why this value cannot be sent, in the person's language, or null. Text is judged as the server does: without the spaces around it. */
export function refusalOf(t: Dictionary, value: string, rules: Rules): string | null {
  if (value === '') return rules.required === true ? t.refusals.required : null;
  if (value.length < (rules.minLength ?? 0)) return t.refusals.short(rules.minLength ?? 0);
  if (value.length > (rules.maxLength ?? Infinity))
    return t.refusals.long(rules.maxLength ?? 0, value.length);
  if (rules.shape?.pattern.test(value) === false) return rules.shape.words;
  return rules.wrong ?? null;
}

/** What a field for a number takes. */
export interface NumberRules extends Range {
  /** The field may say a part of one. */
  parts?: boolean | undefined;
}

/** The same of a number as it is typed; of an empty field `refusalOf` tells. */
export function numberRefusalOf(
  t: Dictionary,
  value: string,
  { min, max, parts }: NumberRules,
): string | null {
  const number = Number(value);
  if (!Number.isFinite(number)) return t.refusals.number;
  if (parts !== true && !Number.isInteger(number)) return t.refusals.whole;
  return number < min || number > max ? t.refusals.between(min, max) : null;
}

/** The same of a choice among what is offered. */
export const choiceRefusalOf = (
  t: Dictionary,
  chosen: boolean,
  required: boolean | undefined,
): string | null => (required === true && !chosen ? t.refusals.choose : null);

/** What a key is written with: `[a-z0-9]`, dashes within. */
export const KEY = /^[a-z0-9][a-z0-9-]*$/;

/** Characters of a password; the server measures its strength besides. */
export const PASSWORD_LEAST = 10;
