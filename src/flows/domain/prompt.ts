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

/** RGC art. 9: the number is given at the start of every contact, and this text gives it. */
export const tellsProtocol = (text: string): boolean =>
  parseTemplate(text).some((part) => part.kind === 'variable' && part.name.startsWith('protocol.'));

/** `boasVindas` → `boas-vindas`. */
export const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/**
 * Fills a prompt. A recording stands for the fixed words, the company's name among them; digits are said after it. A prompt with other variables is
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
      // A studio knows whose recording it makes, and no customer's name.
      if (part.name !== 'company.name') fixed = false;
      pending += String(vars[part.name] ?? '');
    }
  }
  flush();
  if (!fixed || recording === undefined) return parts;
  const words = parts.flatMap((p) => (p.kind === 'text' ? [p.text] : [])).join(' ');
  const digits = parts.filter((p) => p.kind === 'digits');
  return words === '' ? parts : [{ kind: 'recording', name: recording, text: words }, ...digits];
}
