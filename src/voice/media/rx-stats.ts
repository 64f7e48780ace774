/** Reception statistics of RFC 3550: loss by A.3, interarrival jitter by A.8. Timestamps run at 8 kHz. */
export class RxStats {
  received = 0;
  lastAtMs = -1;
  /** Losses of earlier sources (the peer changed its SSRC). */
  private lostBefore = 0;
  private ssrc = -1;
  private baseSeq = 0;
  private maxSeq = 0;
  private cycles = 0;
  private receivedOfSource = 0;
  private transit = 0;
  private jitter = 0;

  /** One packet that passed. `nowMs` is a monotonic instant. */
  packet(seq: number, ts: number, ssrc: number, nowMs: number): void {
    this.received++;
    this.lastAtMs = nowMs;
    const transit = (nowMs * 8 - ts) | 0;
    if (ssrc !== this.ssrc) {
      this.restart(seq, ssrc, transit);
      return;
    }
    const ahead = (seq - this.maxSeq) & 0xffff;
    if (ahead < 0x8000) {
      if (ahead > 3_000) {
        // A jump beyond MAX_DROPOUT (A.1) is a restarted source, not a loss.
        this.restart(seq, ssrc, transit);
        return;
      }
      if (seq < this.maxSeq) this.cycles += 0x10000;
      this.maxSeq = seq;
    }
    this.receivedOfSource++;
    const d = Math.abs((transit - this.transit) | 0);
    this.transit = transit;
    // A pause of the sender (silence suppression, hold) is not jitter.
    if (d < 8_000) this.jitter += (d - this.jitter) / 16;
  }

  get lost(): number {
    return this.lostBefore + this.lostOfSource();
  }

  get jitterMs(): number {
    return this.jitter / 8;
  }

  get sourceSsrc(): number {
    return this.ssrc;
  }

  /** RFC 3550 §6.4.1: the low 32 bits of the extended highest sequence number. */
  get extendedMax(): number {
    return (this.cycles + this.maxSeq) >>> 0;
  }

  private lostOfSource(): number {
    if (this.ssrc < 0) return 0;
    const expected = this.cycles + this.maxSeq - this.baseSeq + 1;
    // Duplicates make it negative in the RFC; a count that people read stays at 0.
    return Math.max(0, expected - this.receivedOfSource);
  }

  private restart(seq: number, ssrc: number, transit: number): void {
    this.lostBefore += this.lostOfSource();
    this.ssrc = ssrc;
    this.baseSeq = seq;
    this.maxSeq = seq;
    this.cycles = 0;
    this.receivedOfSource = 1;
    this.transit = transit;
  }
}
