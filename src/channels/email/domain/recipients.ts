import { keywordOf } from './keyword.ts';
import { statusOf } from './report-facts.ts';

/** Whom a report speaks of (RFC 3464 §2.3, and older forms in words). */

export interface ReportedRecipient {
  /** As the report names it, lower case; may be an address that ours was forwarded to. */
  readonly address: string;
  /** Every form of it that the report has: as we wrote it, and where it ended. */
  readonly forms: readonly string[];
  /** What became of it, where action and status contradict each other the worse. */
  readonly action: Action;
  /** e.g. 5.1.1 (RFC 3463). */
  readonly status: string | null;
  /** The other server's words, cut. */
  readonly diagnostic: string | null;
}

/** RFC 3464 §2.3.3: no other word is an action. */
const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
export type Action = (typeof ACTIONS)[number];

export const MAX_RECIPIENTS = 100;

export function recipientsOf(text: string): ReportedRecipient[] {
  return text
    .slice(0, 65_536)
    .split(/\r?\n[ \t]*\r?\n/)
    .flatMap(oneEach)
    .slice(0, MAX_RECIPIENTS)
    .map(fieldsOf)
    .flatMap((fields) => {
      const diagnostic = diagnosticOf(fields);
      const status = /\d\.\d{1,3}\.\d{1,3}/.exec(keywordOf(fields.get('status') ?? ''))?.[0] ?? null;
      const action = becameOf(fields.get('action') ?? '', status ?? (isSmtp(fields) ? diagnostic : null));
      if (action === undefined) return [];
      const [address = '', ...forms] = addressesOf(fields);
      return [{ address, forms: [address, ...forms], action, status, diagnostic }];
    });
}

/**
 * RFC 3464 §2.1 has a blank line between recipients; programs forget it. Final-Recipient, which each has once, tells them apart; an
 * Original-Recipient right before it is of the same one.
 */
function oneEach(block: string): string[] {
  const lines = block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const finals = lines.flatMap((line, i) => (/^final-recipient[ \t]*:/i.test(line) ? [i] : []));
  const starts = finals.slice(1).map((at, i) => {
    const isPaired = /^original-recipient[ \t]*:/i.test(lines[at - 1] ?? '') && at - 2 !== finals[i];
    return isPaired ? at - 1 : at;
  });
  return [0, ...starts].map((start, i) => lines.slice(start, starts[i]).join('\n'));
}

/**
 * Action decides; a report that forgets it, or has a word of its own, is read by its status class (RFC 3463 §2). What is said to be
 * delivered with the status of a failure is not.
 */
function becameOf(said: string, status: string | null): Action | undefined {
  const word = /[a-z][a-z-]*/.exec(keywordOf(said).toLowerCase())?.[0];
  const action = ACTIONS.find((one) => one === word);
  const byStatus = status === null ? undefined : CLASSES.get(status[0]);
  if (action === undefined || byStatus === undefined) return action ?? byStatus;
  return action === 'failed' || action === 'delayed' || byStatus === 'delivered' ? action : byStatus;
}

const CLASSES: ReadonlyMap<string | undefined, Action> = new Map([
  ['2', 'delivered'],
  ['4', 'delayed'],
  ['5', 'failed'],
]);

const isSmtp = (fields: ReadonlyMap<string, string>): boolean =>
  /^\s*smtp\s*;\s*[245]\d\d\b/i.test(fields.get('diagnostic-code') ?? '');

/** As we wrote it first: RFC 3461 §4 has it in xtext, and programs write it plain. */
function addressesOf(fields: ReadonlyMap<string, string>): string[] {
  const [original, final] = ['original-recipient', 'final-recipient'].map((name) =>
    (fields.get(name)?.split(';').at(-1) ?? '').trim().replace(/^<|>$/g, '').slice(0, 254),
  );
  const decoded = original?.replace(/\+(2[1-9A-F]|[3-6][\dA-F]|7[\dA-E])/g, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const written = [decoded, original, final].map((one) => (one ?? '').toLowerCase());
  return [...new Set(written)].filter((one) => one !== '');
}

function diagnosticOf(fields: ReadonlyMap<string, string>): string | null {
  const said =
    fields
      .get('diagnostic-code')
      ?.replace(/^\s*[\w-]{1,20}\s*;\s*/, '')
      .trim() ?? '';
  return said === '' ? null : said.slice(0, 300);
}

/** A block of header lines; folded lines are one. */
export function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** Of a failure in words: Exim and Gmail name them in a header, qmail and Postfix in the text. */
export function failedRecipients(facts: {
  readonly header: (name: string) => string | undefined;
  readonly text: string;
}): ReportedRecipient[] {
  const named = (facts.header('x-failed-recipients') ?? '')
    .slice(0, 4000)
    .split(/[\s,]+/)
    .map((address) => ({ address: address.replace(/^<|>$/g, ''), said: '' }))
    .filter(({ address }) => address.includes('@'));
  return (named.length > 0 ? named : namedInText(facts.text)).slice(0, MAX_RECIPIENTS).map((found) => {
    const address = found.address.toLowerCase();
    const diagnostic = found.said === '' ? null : found.said.slice(0, 300);
    const status = SAID.exec(found.said)?.[0] ?? null;
    return { address, forms: [address], action: 'failed', status, diagnostic };
  });
}

/** QSBMF (qmail): a paragraph for each, `<ana@cliente.test>:` and why; then a copy of the mail, in which such lines say nothing. */
function namedInText(text: string): { readonly address: string; readonly said: string }[] {
  const [ours = ''] = text.slice(0, 65_536).split(COPY, 1);
  return ours.split(/\r?\n(?=<)|\r?\n[ \t]*\r?\n/).flatMap((paragraph) => {
    const [, address, said = ''] = NAMED.exec(paragraph) ?? [];
    return address === undefined ? [] : [{ address, said: said.replace(/\s+/g, ' ').trim() }];
  });
}

const SAID = new RegExp(statusOf('45'));
const COPY = /^(?:-{3,}|received:|return-path:)/im;
const NAMED = /^<([^<>\s@]{1,64}@[^<>\s@]{1,255})>:([^]*)/;
