import { limitedDomain } from './limits.ts';

/** A mail that waits to be read. */
export interface WaitingMail {
  /** Of the envelope, which anybody may invent. */
  readonly sender: string;
  /** The address that the mail was brought from; absent in records of earlier releases. */
  readonly client?: string | undefined;
  /** Absent in records of earlier releases. */
  readonly bytes: number | undefined;
  /** A person waits for it. */
  readonly urgent: boolean;
}

/** Of one company, whose mails are read one after another. Times are steady ones, ms. */
export interface ReadingOrder {
  /** The place of the one to read next, in a list that is not empty and has the oldest first. */
  next(waiting: readonly WaitingMail[], nowMs: number): number;
  /** The mail whose turn it was is over: it took so long. */
  spent(mail: Pick<WaitingMail, 'sender' | 'client'>, tookMs: number, nowMs: number): void;
}

/** What the worst mails take: 4 s a megabyte. Honest ones take less, and nobody can tell them apart unread. */
const BYTES_PER_MS = 250;
/** No mail is read longer than this. */
const MOST_MS = 10_000;
const UNKNOWN_BYTES = 100_000;
/** A second that a lane sends nothing makes up for a tenth of a second of reading. */
const PATIENCE = 0.1;
/** What the oldest mail is due for each millisecond that others are read before it: a fifth of the time is its own. */
const DUE_TO_OLDEST = 1 / 4;
const MOST_KNOWN = 2000;

/**
 * Who is made to wait for what this mail takes: its sender, all of the sender's domain (unless it is a public provider's, whose
 * people have nothing to do with each other), and all that the same address brings. Behind one mail server that brings everything
 * the last counts alike for all.
 */
function lanesOf({ sender, client }: Pick<WaitingMail, 'sender' | 'client'>): string[] {
  const domain = limitedDomain(sender);
  return [
    `sender ${sender}`,
    ...(domain === null ? [] : [`domain ${domain}`]),
    ...(client === undefined ? [] : [`client ${client}`]),
  ];
}

const costOf = ({ bytes = UNKNOWN_BYTES }: WaitingMail): number => bytes / BYTES_PER_MS;

/**
 * Nobody's mails hold up another's. Each sender's oldest mail stands for it. The one is read whose sender has taken least of the
 * reader's time lately, what this mail may take counted in: so senders take turns, small mails come before large ones, and who
 * burnt much time goes behind everybody. Time counts for each lane that a mail stands in, so many invented senders of one domain,
 * or brought by one address, are no more than one. A fifth of the time belongs to the oldest mail of all, so that what is large or of a busy
 * sender is read too. Age counts for nothing else: a backlog, however old and of however many senders, gets no more than that fifth
 * before what is small.
 */
export function createReadingOrder(): ReadingOrder {
  const lanes = new Map<string, { readonly owesMs: number; readonly atMs: number }>();
  /** What the oldest mail may take by now; below zero: it took more than its share. */
  let dueMs = 0;
  let turn: 'oldest' | 'other' | 'alike' = 'alike';

  const owed = (lane: string, nowMs: number): number => {
    const known = lanes.get(lane);
    return known === undefined ? 0 : Math.max(0, known.owesMs - (nowMs - known.atMs) * PATIENCE);
  };
  const cheapest = (waiting: readonly WaitingMail[], nowMs: number): number => {
    const seen = new Set<string>();
    let best = 0;
    let least = Infinity;
    for (const [place, mail] of waiting.entries()) {
      if (seen.has(mail.sender)) continue;
      seen.add(mail.sender);
      const costs = lanesOf(mail).reduce((sum, lane) => sum + owed(lane, nowMs), costOf(mail));
      if (costs < least) [best, least] = [place, costs];
    }
    return best;
  };
  const choose = (waiting: readonly WaitingMail[], nowMs: number): number => {
    const urgent = waiting.findIndex((mail) => mail.urgent);
    return urgent >= 0 ? urgent : cheapest(waiting, nowMs);
  };

  return {
    next(waiting, nowMs) {
      const place = choose(waiting, nowMs);
      const [oldest] = waiting;
      // Where the oldest is next anyway, nothing was due to it.
      if (place === 0 || oldest === undefined) turn = 'alike';
      else turn = !waiting[place]?.urgent && dueMs >= Math.min(costOf(oldest), MOST_MS) ? 'oldest' : 'other';
      return turn === 'oldest' ? 0 : place;
    },
    spent(mail, tookMs, nowMs) {
      if (turn === 'other') dueMs += Math.max(tookMs, 1) * DUE_TO_OLDEST;
      // What is left is not saved: the next in age may be one of many, and they are no more than this one was.
      if (turn === 'oldest') dueMs = Math.min(0, dueMs - tookMs);
      turn = 'alike';
      if (lanes.size >= MOST_KNOWN)
        for (const known of lanes.keys()) if (owed(known, nowMs) === 0) lanes.delete(known);
      for (const lane of lanesOf(mail)) lanes.set(lane, { owesMs: owed(lane, nowMs) + tookMs, atMs: nowMs });
    },
  };
}
