export type Piece = { readonly text: string; readonly href?: string; readonly realHost?: string };

/** A class without nesting: linear in the text, whatever a stranger writes. */
const ADDRESS = /\b(?:https?:\/\/|mailto:)[^\s<>"`{}|\\^]{1,2000}/gi;
const ALLOWED: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Text with its addresses apart. The whole address is the text of the link: nobody clicks on something else than they read. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = withoutTail(match[0]);
    const link = linkOf(found);
    if (link === undefined) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push(link);
    done = match.index + found.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}

/** The full stop of the sentence, and a bracket that was opened before the address, are no part of it. */
function withoutTail(address: string): string {
  let end = address.length;
  let unopened = address.split(')').length - address.split('(').length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? '';
    if (last === ')' && unopened <= 0) break;
    if (!".,;:!?'’”»*_)]".includes(last)) break;
    if (last === ')') unopened -= 1;
  }
  return address.slice(0, end);
}

function linkOf(address: string): Piece | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  // `https://banco.com.br@ladrao.test/` reads as the bank's.
  if (!ALLOWED.has(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const link = { text: address, href: url.href };
  // Letters of other scripts that look like ours: the host as it is really called stands beside it.
  return url.hostname.includes('xn--') ? { ...link, realHost: url.hostname } : link;
}
