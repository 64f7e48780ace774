/** What a listener's voice path does to speech. Source: ITU-T G.107 simplified, impairments of G.113 for G.711 with PLC. */
export interface VoicePath {
  /** One-way mouth-to-ear delay with the jitter buffer, in ms. */
  readonly delayMs: number;
  /** Packet loss, 0…1. */
  readonly loss: number;
  /** Mean burst length against random loss; 1 is random loss. */
  readonly burstRatio?: number;
}

const IE_G711 = 0;
const BPL_G711_PLC = 25.1;

/** R factor, 0…93.2 for G.711. */
export function rFactor({ delayMs, loss, burstRatio = 1 }: VoicePath): number {
  const ppl = loss * 100;
  const delay = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - 177.3);
  const equipment = IE_G711 + ((95 - IE_G711) * ppl) / (ppl / burstRatio + BPL_G711_PLC);
  return 93.2 - delay - equipment;
}

/** Mean opinion score, 1…4.5. */
export function mos(path: VoicePath): number {
  const r = rFactor(path);
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}
