/** `{protocol.spoken}` in a prompt. Parsed once, rendered per contact. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string };

export type Value = string | number | boolean;
export type Vars = Readonly<Record<string, Value | undefined>>;

const VARIABLE = /\{([^{}]*)\}/g;
const NAME = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)?$/;

export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    parts.push({ kind: 'variable', name: (match[1] ?? '').trim() });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

/** Why this template cannot be filled, or undefined. Braces that do not pair are a fault too. */
export function templateFault(text: string, known: ReadonlySet<string>): string | undefined {
  const rest = text.replaceAll(VARIABLE, '');
  if (/[{}]/.test(rest)) return 'braces do not pair';
  for (const part of parseTemplate(text)) {
    if (part.kind !== 'variable') continue;
    if (!NAME.test(part.name)) return `{${part.name}} is not a variable name`;
    if (!known.has(part.name)) return `unknown variable {${part.name}}`;
  }
  return undefined;
}

/** What every flow can rely on, whoever runs it. `…spoken` is said digit by digit. */
export const BUILT_IN = [
  'protocol.number',
  'protocol.spoken',
  'company.name',
  'channel',
  'caller.number',
  'called.number',
  'customer.found',
  'customer.name',
] as const;

/** What a lookup adds. */
export const LOOKUP_VARS = {
  customer: ['customer.found', 'customer.name'],
  erp: ['erp.found', 'erp.blocked', 'erp.overdue'],
  outage: ['outage.active', 'outage.message'],
} as const;
