import { AppError } from '../shared/errors.ts';
import { inBackground } from './background.ts';
import { type Call, isInHand, type Leg, type OperatorSide, silence } from './call.ts';
import { endLeg } from './customer-leg.ts';
import { startRecording } from './dial.ts';
import { followHold } from './hold.ts';
import { isHeld, watchLeg } from './leg-watch.ts';
import type { Phones } from './phones.ts';
import { createReattach } from './reattach.ts';
import { report } from './report.ts';
import { tellSound } from './sound-check.ts';
import type { VoiceWorld } from './world.ts';

/** A browser always sends: asked at the first gap, lost within 7 s; its page answers at once while it lives. */
const DESK_WATCH = { silentMs: 3_500, answerMs: 3_000, soundMs: 7_000 } as const;
/** A telephone may suppress silence: lost only when nobody answers, within 14 s. */
const PHONE_WATCH = { silentMs: 6_000, answerMs: 8_000 } as const;

/** WebRTC has no sound before ICE and DTLS are done. A telephone that answered has answered, whether it sends or not. */
export const soundOf = (leg: Leg): Promise<void> =>
  leg.media === 'webrtc' ? leg.endpoint.connected() : Promise.resolve();

/** Joins both sides, the recording from the first word on, and watching the leg until its end. */
export function createBridge(world: VoiceWorld, phones: Phones) {
  async function hungUp(call: Call, side: OperatorSide): Promise<void> {
    await report(world, call, { type: 'agentEnded', agentId: side.agentId });
  }

  function watch(call: Call, side: OperatorSide, leg: Leg): void {
    const over = new AbortController();
    const once = (fn: () => void) => {
      if (over.signal.aborted || side.leg !== leg) return;
      over.abort();
      fn();
    };
    const lost = (cause: string) =>
      once(() => inBackground(world, 'reattaching', reattach(call, side, leg, cause), call.interactionId));
    leg.dialog.onEnd((cause) => {
      if (cause === 'bye')
        once(() => inBackground(world, 'end of the operator’s leg', hungUp(call, side), call.interactionId));
      else lost(cause);
    });
    const follow = followHold(world, call, side, leg);
    leg.dialog.onModify(async (sdp) => {
      const answer = await leg.endpoint.setRemote(sdp);
      follow(isHeld(sdp));
      return answer;
    });
    watchLeg(leg, {
      clock: world.clock,
      ...(leg.media === 'webrtc' ? DESK_WATCH : PHONE_WATCH),
      over: AbortSignal.any([over.signal, call.gone.signal, side.over.signal]),
      lost,
    });
  }

  /** A leg that ends before its first sound is noticed at once, not after the time that its sound has. */
  async function heard(call: Call, leg: Leg): Promise<'sound' | 'hungUp'> {
    const ended = new Promise<string>((resolve) => leg.dialog.onEnd(resolve));
    const cause = await Promise.race([ended, soundOf(leg).then(() => undefined)]);
    if (cause === 'bye') return 'hungUp';
    if (cause !== undefined) throw new AppError('media.notConnected', 504, `the leg ended: ${cause}`);
    await call.telling;
    return 'sound';
  }

  async function put(call: Call, side: OperatorSide, leg: Leg): Promise<void> {
    const how = await heard(call, leg);
    if (!isInHand(call, side)) return endLeg(leg, 'customer left');
    if (how === 'hungUp') return hungUp(call, side);
    watch(call, side, leg);
    silence(call);
    await startRecording(world, call);
    // Lost meanwhile: whoever looks for it is in charge, and says what the customer hears.
    if (side.leg !== leg) return;
    await call.customer.endpoint.bridge(leg.endpoint);
    if (side.leg !== leg) return;
    side.bridged = true;
    await report(world, call, { type: 'connected' });
    inBackground(world, 'measuring the sound', tellSound(world, call, side, leg), call.interactionId);
  }

  async function join(call: Call, side: OperatorSide, leg: Leg): Promise<void> {
    side.leg = leg;
    try {
      await put(call, side, leg);
    } catch (error) {
      if (side.leg !== leg) return;
      side.leg = null;
      await endLeg(leg, 'no sound');
      throw error;
    }
  }

  const reattach = createReattach(world, phones, join);
  return { join };
}
