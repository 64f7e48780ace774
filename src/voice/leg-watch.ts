import type { Clock } from '../shared/clock.ts';
import type { Leg } from './call.ts';
import { pause, within } from './deadline.ts';

/** unreachable: asked, and nobody is there. silence: answers, but its sound is gone. mediaLost: our own engine died under the leg. */
export type LegLoss = 'unreachable' | 'silence' | 'mediaLost';

export interface LegWatch {
  readonly clock: Clock;
  /** After this long without a packet the leg is asked whether it is there, and again after as long while it stays silent, ms. */
  readonly silentMs: number;
  /** An answer that takes longer is none, ms; by default the transaction's own 32 s. */
  readonly answerMs?: number;
  /** A leg that always sends (a browser) is lost after this long without a packet, whatever it answers, ms. Others may suppress silence. */
  readonly soundMs?: number;
  /** Fires when the leg is over: nobody looks any more. */
  readonly over: AbortSignal;
  /** Called once. */
  lost(cause: LegLoss): void;
}

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m;

/**
 * The owner of this description holds the call, or has nothing to say: its silence means nothing (RFC 3264 §8.4). The zero
 * address is hold as well (RFC 2543), but not with ICE (RFC 8840 §4.3).
 */
export function isHeld(sdp: string): boolean {
  const [session = '', ...media] = sdp.split(/^m=/m);
  const audio = media.find((section) => section.startsWith('audio')) ?? '';
  const direction = (DIRECTION.exec(audio) ?? DIRECTION.exec(session))?.[1] ?? 'sendrecv';
  const connection = /^c=.*$/m.exec(audio) ?? /^c=.*$/m.exec(session);
  const zero = connection?.[0].trim() === 'c=IN IP4 0.0.0.0' && !/^a=ice-ufrag:/m.test(sdp);
  return direction !== 'sendrecv' || zero;
}

/**
 * Finds out whether a leg that says nothing is still there: a phone that vanished sends no BYE, and one with silence suppression is
 * well. One on hold is asked too: nobody else would find out that it died.
 */
export function watchLeg(leg: Leg, watch: LegWatch): void {
  const { clock, silentMs, soundMs, over } = watch;
  let looking = false;
  let heldAtMs = -Infinity;
  const isOver = (): boolean => over.aborted;

  async function verdict(): Promise<LegLoss | 'heard' | 'alive'> {
    const silentForMs = await leg.endpoint.stats().then(
      (stats) => stats.silentForMs,
      () => undefined,
    );
    if (silentForMs === undefined) return 'mediaLost';
    if (silentForMs < silentMs) return 'heard';
    if (!(await answers(leg, watch))) return 'unreachable';
    if (isHeld(leg.dialog.remoteSdp)) heldAtMs = clock.steady();
    if (soundMs === undefined || silentForMs < soundMs) return 'alive';
    // Held, or just resumed: its sound has a moment to come back.
    return clock.steady() - heldAtMs < 2 * soundMs ? 'alive' : 'silence';
  }

  async function look(): Promise<void> {
    while (!isOver()) {
      const found = await verdict();
      if (found === 'heard' || isOver()) return;
      if (found !== 'alive') {
        watch.lost(found);
        return;
      }
      await pause(clock, silentMs, over);
    }
  }

  leg.endpoint.onSilence(silentMs, () => {
    if (looking || over.aborted) return;
    looking = true;
    void look().finally(() => (looking = false));
  });
}

function answers(leg: Leg, { clock, answerMs }: LegWatch): Promise<boolean> {
  const answer = leg.dialog.alive();
  return answerMs === undefined ? answer : within(clock, answerMs, answer, false);
}
