/** A mail that waits to be read. Times are steady ones, ms. */
export interface WaitingMail {
  /** Of the envelope. */
  readonly sender: string;
  /** Absent in records of earlier releases. */
  readonly bytes: number | undefined;
  readonly sinceMs: number;
  /** A person waits for it. */
  readonly urgent: boolean;
}

export interface ReadingOrder {
  /** The place of the one to read next, in a list that is not empty and has the oldest first. */
  next(waiting: readonly WaitingMail[], nowMs: number): number;
  /** A sender's mail took so long. */
  spent(sender: string, tookMs: number, nowMs: number): void;
}

/** What the worst mails take: 4 s a megabyte. Honest ones take less, and nobody can tell them apart unread. */
const BYTES_PER_MS = 250;
const UNKNOWN_BYTES = 100_000;
/** A second that a mail waits makes up for a tenth of a second of reading, and so does a second that its sender sends nothing. */
const PATIENCE = 0.1;
const MOST_KNOWN = 2000;

/**
 * Nobody's mails hold up another's. Each sender's oldest mail stands for it. The one is read whose sender has taken least of the
 * reader's time lately, what this mail may take counted in: so senders take turns, small mails come before large ones, and who
 * burnt much time goes behind everybody. Waiting counts, so that what is large or of a busy sender is read too.
 */
export function createReadingOrder(): ReadingOrder {
  const senders = new Map<string, { readonly owesMs: number; readonly atMs: number }>();

  const owed = (sender: string, nowMs: number): number => {
    const known = senders.get(sender);
    return known === undefined ? 0 : Math.max(0, known.owesMs - (nowMs - known.atMs) * PATIENCE);
  };
  /** A sender that was just served has not waited, however old its next mail is. */
  const waited = ({ sender, sinceMs }: WaitingMail, nowMs: number): number =>
    nowMs - Math.max(sinceMs, senders.get(sender)?.atMs ?? sinceMs);
  const cost = (mail: WaitingMail, nowMs: number): number =>
    owed(mail.sender, nowMs) + (mail.bytes ?? UNKNOWN_BYTES) / BYTES_PER_MS - waited(mail, nowMs) * PATIENCE;

  return {
    next(waiting, nowMs) {
      const urgent = waiting.findIndex((mail) => mail.urgent);
      if (urgent >= 0) return urgent;
      const seen = new Set<string>();
      let best = 0;
      let least = Infinity;
      for (const [place, mail] of waiting.entries()) {
        if (seen.has(mail.sender)) continue;
        seen.add(mail.sender);
        const costs = cost(mail, nowMs);
        if (costs < least) [best, least] = [place, costs];
      }
      return best;
    },
    spent(sender, tookMs, nowMs) {
      if (senders.size >= MOST_KNOWN)
        for (const known of senders.keys()) if (owed(known, nowMs) === 0) senders.delete(known);
      senders.set(sender, { owesMs: owed(sender, nowMs) + tookMs, atMs: nowMs });
    },
  };
}
