import { parseTemplate, type Vars } from './template.ts';

/** A piece of a prompt, before anyone decides how it sounds or looks. */
export type PromptPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'digits'; readonly digits: string }
  /** A studio recording wins over its text when it exists. */
  | { readonly kind: 'recording'; readonly name: string; readonly text: string };

/** Variables whose value is said digit by digit. */
const DIGITS = new Set(['protocol.spoken', 'protocol.number', 'caller.number', 'called.number']);
export const isDigits = (variable: string) => DIGITS.has(variable);

/** `boasVindas` → `boas-vindas`. */
export const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/**
 * Fills a prompt. A recording stands for the fixed words; digits are said after it. A prompt with other variables is
 * always synthesised, because no recording knows a customer's name.
 */
export function promptParts(text: string, vars: Vars, recording?: string): PromptPart[] {
  const parts: PromptPart[] = [];
  let fixed = recording !== undefined;
  let pending = '';
  const flush = () => {
    if (/[\p{L}\p{N}]/u.test(pending)) parts.push({ kind: 'text', text: pending.trim() });
    pending = '';
  };
  for (const part of parseTemplate(text)) {
    if (part.kind === 'text') pending += part.text;
    else if (isDigits(part.name)) {
      flush();
      parts.push({ kind: 'digits', digits: String(vars[part.name] ?? '').replaceAll(/\D/g, '') });
    } else {
      fixed = false;
      pending += String(vars[part.name] ?? '');
    }
  }
  flush();
  if (!fixed || recording === undefined) return parts;
  const words = parts.flatMap((p) => (p.kind === 'text' ? [p.text] : [])).join(' ');
  const digits = parts.filter((p) => p.kind === 'digits');
  return words === '' ? parts : [{ kind: 'recording', name: recording, text: words }, ...digits];
}
