/** How mails find their thread: token, then the reply headers, then sender and subject (domain.md, text channels). */

/** `[#2026110000000012]`, `#2026…` or `protocolo 2026…` in a subject. Year and month must be plausible. */
const TOKEN = /(?:#|protocolo\s*(?:n[º°o.]*\s*)?(?::\s*)?)(20\d{2}(?:0[1-9]|1[0-2])\d{10})(?!\d)/i;
const TAG = /^[^@+]+\+p?(20\d{2}(?:0[1-9]|1[0-2])\d{10})@/i;

export const tokenInSubject = (subject: string): string | undefined => TOKEN.exec(subject)?.[1];

/** `suporte+p2026110000000012@exemplo.test`. */
export const tokenInAddress = (address: string): string | undefined => TAG.exec(address)?.[1];

/** RFC 5321 §2.3.5: a domain is written without the dot of the DNS root; with it, it is the same one. */
export const withoutRootDot = (address: string): string => address.replace(/(?<=[^@.])\.$/, '');

/** The mailbox behind a plus address, lower case: `Suporte+x@Exemplo.test` → `suporte@exemplo.test`. */
export function canonicalAddress(address: string): string {
  const clean = address.trim().toLowerCase();
  const at = clean.lastIndexOf('@');
  if (at < 1) return clean;
  // What stands in quotation marks has no tag.
  if (clean.startsWith('"')) return withoutRootDot(clean);
  const [local = ''] = clean.slice(0, at).split('+', 1);
  return withoutRootDot(`${local}@${clean.slice(at + 1)}`);
}

const REPLY_MARK = /^\s*((re|res|resp|fw|fwd|enc|aw|sv|rv)(\[\d+\])?\s*:|\[[^\]]{1,40}\])\s*/i;

/** Subject without reply marks, token, list tags, accents and case; empty when nothing remains. */
export function subjectKey(subject: string): string {
  let rest = subject.replace(/\[#\d{16}\]/g, '').trim();
  for (let next = rest.replace(REPLY_MARK, ''); next !== rest; next = rest.replace(REPLY_MARK, ''))
    rest = next;
  return rest.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim().slice(0, 200);
}

/** The subject of an answer: one `Re:`, the customer's words, one token. */
export function replySubject(subject: string, protocol: string): string {
  let words = subject
    .replace(/[\r\n]+/g, ' ')
    .replace(/(?<!\s)\s*\[#\d{16}\]/g, '')
    .trim();
  for (
    let next = words.replace(/^\s*(re|res|aw)\s*:\s*/i, '');
    next !== words;
    next = words.replace(/^\s*(re|res|aw)\s*:\s*/i, '')
  )
    words = next;
  return `Re: ${words === '' ? 'sua mensagem' : words.slice(0, 180)} [#${protocol}]`;
}

declare const read: unique symbol;
/** A Message-ID without its brackets: what `messageIds` read. Kept and compared in this form alone. */
export type MailId = string & { readonly [read]: 'MailId' };
/** Text in which ids stand in brackets (RFC 5322 §3.6.4); no id that was read already, in which nothing would be found. */
type Written = string & { readonly [read]?: never };

/** Ids inside of In-Reply-To or References, without brackets, newest last; at most 50. */
export function messageIds(...headers: (Written | readonly Written[] | undefined)[]): MailId[] {
  const text = headers.flat().join(' ');
  const ids = Array.from(text.matchAll(/<([^<>\s]{1,500})>/g), (m) => (m[1] ?? '') as MailId);
  return [...new Set(ids)].slice(-50);
}

/** As a header has it. */
export const bracketed = (id: MailId): string => `<${id}>`;
