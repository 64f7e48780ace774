import { isNoReply } from './automatic.ts';
import { plainName } from './plain-name.ts';
import { canonicalAddress, withoutRootDot } from './threads.ts';

/** Who writes, and who else is in the conversation (RFC 5322 §3.6.2, §3.6.3). */

export interface Address {
  /** Lower case. */
  readonly address: string;
  readonly name: string | undefined;
}

export interface PeopleFacts {
  readonly from: Address | undefined;
  /** Who else wrote it. */
  readonly authors?: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** Header names in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Canonical addresses that are ours. */
  readonly ours: ReadonlySet<string>;
  readonly envelopeFrom: string;
}

export interface Writer extends Address {
  /** The From addresses when the answer goes elsewhere: a web form, a list. */
  readonly via: string | undefined;
}

/**
 * Whom we answer: Reply-To when it names somebody (a web form writes for many people), else From. A list that put itself into From
 * or Reply-To tells in its own headers who wrote.
 */
export function writerOf(facts: PeopleFacts): Writer {
  const { from, replyTo, header } = facts;
  const list = listAddresses(header);
  const foreign = ({ address }: Address) => !facts.ours.has(canonicalAddress(address)) && !list.has(address);
  const named = replyTo.find((one) => foreign(one) && !isNoReply(one.address));
  const original = from === undefined || !foreign(from) ? originalSender(header) : undefined;
  const wanted = named ?? (original !== undefined && foreign(original) ? original : undefined) ?? from;
  if (wanted === undefined)
    return { address: withoutRootDot(facts.envelopeFrom.toLowerCase()), name: undefined, via: undefined };
  const same = from !== undefined && canonicalAddress(from.address) === canonicalAddress(wanted.address);
  if (from === undefined || same)
    return { address: wanted.address, name: wanted.name ?? from?.name, via: undefined };
  return { address: wanted.address, name: wanted.name ?? nameBeforeVia(from.name), via: viaOf(from, facts) };
}

const viaOf = (from: Address, { authors = [] }: PeopleFacts): string =>
  [from, ...authors].map(({ address }) => address).join(', ');

/**
 * Reply-To is there and names nobody whom an answer could reach (empty, unreadable, a no-reply address). Behind it may
 * stand a web form that writes for many people: mails of one sender and subject are then not one conversation.
 */
export const isReplyToUnclear = ({ header, replyTo }: Pick<PeopleFacts, 'header' | 'replyTo'>): boolean =>
  header('reply-to') !== undefined && replyTo.every(({ address }) => isNoReply(address));

export interface Others {
  readonly to: string[];
  readonly cc: string[];
  /** More than `MAX_OTHERS`: these are only the first of them, and an answer goes to none. */
  readonly isCrowd: boolean;
}

/** Everybody else that the mail was written by or to: neither ours, nor the writer, nor the list. */
export function othersOf(facts: PeopleFacts, writer: Pick<Writer, 'address' | 'via'>): Others {
  const list = listAddresses(facts.header);
  const seen = new Set([...list, writer.address]);
  let found = 0;
  const fresh = (people: readonly Address[]) =>
    people.flatMap(({ address }) => {
      if (seen.has(address) || facts.ours.has(canonicalAddress(address))) return [];
      seen.add(address);
      found += 1;
      return found > MAX_OTHERS ? [] : [address];
    });
  const to = fresh(facts.to);
  // Reply-To takes the place of all authors (RFC 5322 §3.6.2).
  const authors = writer.via === undefined ? (facts.authors ?? []) : [];
  const cc = fresh([...authors, ...facts.cc, ...facts.replyTo]);
  return { to, cc, isCrowd: found > MAX_OTHERS };
}

/** More people than this are no conversation, and nobody answers to all of them by default. */
export const MAX_OTHERS = 50;

/** `List-Post: <mailto:suporte@lista.test>`, `X-BeenThere`, `Mailing-List`. */
function listAddresses(header: PeopleFacts['header']): Set<string> {
  const text = ['list-post', 'x-beenthere', 'mailing-list', 'x-mailing-list']
    .map((name) => header(name)?.slice(0, 500) ?? '')
    .join(' ');
  return new Set(
    Array.from(text.toLowerCase().matchAll(/[^\s<>:;,"]{1,64}@[^\s<>:;,"?]{1,255}/g), ([found]) =>
      withoutRootDot(found),
    ),
  );
}

/** What Google Groups and others write when they send in their own name. */
function originalSender(header: PeopleFacts['header']): Address | undefined {
  for (const name of ['x-original-from', 'x-original-sender']) {
    const value = header(name)?.slice(0, 500) ?? '';
    const address = /([^\s<>"]{1,64}@[^\s<>"]{1,255})>?\s*$/.exec(value)?.[1]?.toLowerCase();
    if (address === undefined) continue;
    const words = value.slice(0, value.toLowerCase().lastIndexOf(address)).replace(/[<"]/g, '').trim();
    const said = words.startsWith('=?') ? '' : words.slice(0, 120);
    return { address: withoutRootDot(address), name: plainName(said, address).name };
  }
  return undefined;
}

/** `'Maria Silva' via Suporte` → `Maria Silva`; any other From name belongs to the form, not to the person. */
const nameBeforeVia = (name: string | undefined): string | undefined =>
  /^'?(.{1,100}?)'? via /i.exec(name ?? '')?.[1];
