import { payloadStart, sequence, ssrcOf } from './rtp.ts';

/**
 * A source that has been quiet this long may come back from another port of its host, ms: a NAT that forgot its way. A stop between
 * two words, or a network that falters, is shorter.
 */
export const RELATCH_MS = 3_000;
/** Moves of one call that are remembered. */
const MAX_FORMER = 16;

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** Where the sound of a leg comes from and goes to. */
export interface Latch {
  /** Where to send. */
  readonly peer: Place;
  /** The peer is heard at the very place that its description names. */
  isNamed(): boolean;
  /** Where the peer says it listens; everything is open again. */
  moveTo(named: Place): void;
  /** moved: it is the peer, and from now on what it hears is sent there. */
  packet(packet: Buffer, from: Place, nowMs: number): 'same' | 'moved' | 'stranger';
  isQuiet(nowMs: number): boolean;
}

/**
 * Symmetric RTP (RFC 4961): sound is taken only from the host that the SDP names or, for peers behind a NAT, from the one that
 * signals (`signalledFrom`).
 *
 *   open ──first packet──► latched ──the very place of the SDP──► latched there
 *                             └──quiet for RELATCH_MS, then the same stream goes on from another port──► latched there
 *
 * The same stream has the SSRC of the last packet and a sequence after it (RFC 3550 §8: an SSRC is random and stays while the
 * source does). So neither another call of the same host, a trunk's, nor who sprays the range of ports gets a leg whose owner is silent.
 */
export function createLatch(signalledFrom?: string): Latch {
  const former = createFormer();
  let named: Place = { address: '', port: 0 };
  let peer = named;
  // Of the last packet; nothing is allocated for one.
  let isOpen = true;
  let ssrc = 0;
  let seq = 0;
  let lastAtMs = 0;

  const isSame = (a: Place, b: Place): boolean => a.port === b.port && a.address === b.address;
  const isQuiet = (nowMs: number): boolean => nowMs - lastAtMs >= RELATCH_MS;
  function goesOn(packet: Buffer): boolean {
    const ahead = (sequence(packet) - seq) & 0xffff;
    return ssrcOf(packet) === ssrc && ahead > 0 && ahead < 0x8000;
  }
  function isPeer(packet: Buffer, from: Place, nowMs: number): boolean {
    if (from.address !== named.address && from.address !== signalledFrom) return false;
    if (payloadStart(packet) < 0) return false;
    // The very port of the SDP needs no guess and takes the leg back from one: a stream of an earlier call may still be
    // running into this port from the same host, a trunk's.
    if (isSame(from, named)) return true;
    return !former.has(from) && (isOpen || (isQuiet(nowMs) && goesOn(packet)));
  }

  return {
    get peer() {
      return peer;
    },
    isNamed: () => isSame(peer, named),
    moveTo(place) {
      if (named.address !== '') former.leave(named, peer);
      former.enter(place);
      named = place;
      peer = place;
      isOpen = true;
    },
    packet(packet, from, nowMs) {
      const isKnown = !isOpen && isSame(from, peer);
      if (!isKnown && !isPeer(packet, from, nowMs)) return 'stranger';
      if (payloadStart(packet) >= 0) {
        ssrc = ssrcOf(packet);
        seq = sequence(packet);
        lastAtMs = nowMs;
      }
      if (isKnown) return 'same';
      isOpen = false;
      peer = { address: from.address, port: from.port };
      return 'moved';
    },
    isQuiet: (nowMs) => isOpen || isQuiet(nowMs),
  };
}

const nameOf = ({ address, port }: Place): string => `${address}:${port}`;

/** Places that the peer moved away from, each with where its sound came from: what still comes from there is of the past. */
function createFormer() {
  const left = new Map<string, string>();
  return {
    leave(named: Place, heard: Place): void {
      left.set(nameOf(named), nameOf(heard));
      for (const oldest of left.keys()) if (left.size > MAX_FORMER) left.delete(oldest);
    },
    /** Also back where it was before: music on hold comes from elsewhere and goes. */
    enter: (named: Place) => left.delete(nameOf(named)),
    has(source: Place): boolean {
      const name = nameOf(source);
      for (const [named, heard] of left) if (named === name || heard === name) return true;
      return false;
    },
  };
}
