import { createRequire } from 'node:module';

/** What drachtio-srf knows of a status: its phrase, by its number. */
type Phrases = Record<number, string | undefined>;

/**
 * drachtio-srf throws on an answer whose status is not in its table, and the table lacks 469 (RFC 6086 §4.2.2), with which
 * an INFO of an unknown package is answered: any peer in a call could end the process. The table is one for all of
 * drachtio-srf in this process.
 */
export function teachStatuses(): void {
  const ofSrf = createRequire(createRequire(import.meta.url).resolve('drachtio-srf'));
  const phrases = ofSrf('sip-status') as Phrases;
  phrases[469] ??= 'Bad Info Package';
}
