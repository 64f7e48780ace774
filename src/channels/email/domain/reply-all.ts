import { isNoReply } from './automatic.ts';
import { canonicalAddress } from './threads.ts';

/** A message of the conversation before this mail. */
export interface Said {
  readonly direction: 'inbound' | 'outbound';
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly replyCc?: readonly string[];
}

export interface ReplyAllFacts {
  readonly writer: string;
  /** Whom this mail was written to besides. */
  readonly copied: readonly string[];
  /** It proves that its writer has seen the conversation, or begins one. */
  readonly trusted: boolean;
  /** Oldest first. */
  readonly before: readonly Said[];
  /** Whom every answer goes to. */
  readonly contact: string;
  /** Of the contact that this one goes on from. */
  readonly formerContact?: string;
  /** Canonical addresses that are ours. */
  readonly ours: ReadonlySet<string>;
}

/**
 * Who gets an answer besides the contact, by default; the writer first. Who came in by a number or a subject alone may bring nobody
 * in, because those can be guessed. Nor do they put anybody out: those whom an answer would have reached before this mail stay, and
 * so do its writer and those it names, if they are in the conversation already.
 */
export function replyAllOf(facts: ReplyAllFacts): string[] {
  const { writer, copied, trusted, contact, ours } = facts;
  const wanted = trusted ? [writer, ...copied] : standing(facts);
  return [...new Set(wanted)].filter(
    (address) => address !== contact && !isNoReply(address) && !ours.has(canonicalAddress(address)),
  );
}

function standing({ writer, copied, before, formerContact }: ReplyAllFacts): string[] {
  const former = formerContact === undefined ? [] : [formerContact];
  const known = new Set([...before.flatMap(peopleOf), ...former]);
  const last = before.findLastIndex(({ direction }) => direction === 'inbound');
  return [
    ...[writer, ...copied].filter((address) => known.has(address)),
    ...former,
    // Whom the last answers reached, and whom an operator took in since.
    ...before.slice(Math.max(0, last)).flatMap(peopleOf),
  ];
}

/** Those whom a mail that was believed, or an operator, brought in. */
const peopleOf = ({ direction, to, cc = [], replyCc = [] }: Said): string[] =>
  (direction === 'inbound' ? replyCc : [...to, ...cc]).map((address) => address.toLowerCase());
