import { inBackground } from './background.ts';
import { type Call, isInHand, type Leg, newSound, type OperatorSide } from './call.ts';
import { endLeg } from './customer-leg.ts';
import { pause } from './deadline.ts';
import { dialing, dialSoftphone } from './dial.ts';
import { gaveNoAnswer, isDeclined } from './failures.ts';
import { loseOperator } from './lost-operator.ts';
import type { Phone, Phones } from './phones.ts';
import { report } from './report.ts';
import { comfort } from './waiting.ts';
import type { VoiceWorld } from './world.ts';

/** How long the customer hears comfort audio for an operator whose softphone vanished (F5, Wi-Fi), ms. */
const REATTACH_MS = 20_000;
/** Between two tries: a phone that refuses at once is not rung without end, ms. */
const AGAIN_MS = 2_000;

/** Puts the operator's leg to the customer; ends it and rejects when it brings no sound. */
export type Join = (call: Call, side: OperatorSide, leg: Leg) => Promise<void>;

/** The operator's side vanished: whoever comes back gets the same call. */
export function createReattach(world: VoiceWorld, phones: Phones, join: Join) {
  const { interactions } = world;

  const note = (call: Call, kind: string, data: Readonly<Record<string, unknown>>) =>
    interactions.record(call.companyId, call.interactionId, { kind, actor: { kind: 'system' }, data });

  /** Whether this side is settled: back, or not ours any more. A leg without a sound says nothing about the softphone. */
  async function bring(call: Call, side: OperatorSide, phone: Phone): Promise<'settled' | 'again' | 'never'> {
    const { interactionId } = call;
    try {
      const leg = await dialSoftphone(world, phones, call, phone, dialing(call, side));
      await join(call, side, leg);
      if (!isInHand(call, side) || side.leg !== leg) return 'settled';
      // Whoever had the customer on hold and comes back is heard at once: the hold is over, and the journal says so.
      await report(world, call, { type: 'resumed' });
      await note(call, 'agentLegBack', {});
      return 'settled';
    } catch (error) {
      world.logger.warn({ err: error, interactionId }, 'the softphone that was back took no call');
      if (isDeclined(error)) return 'never';
      if (gaveNoAnswer(error)) phones.lose(phone.username);
      return 'again';
    }
  }

  /** False: it does not come back in time. */
  async function comesBack(call: Call, side: OperatorSide): Promise<boolean> {
    const username = world.directory.softphoneOf(call.companyId, side.agentId);
    if (username === undefined) return false;
    // Of its own: what the customer hears meanwhile may change, and we wait on.
    const here = AbortSignal.any([call.gone.signal, side.over.signal]);
    const lastTryMs = world.clock.steady() + REATTACH_MS;
    for (let leftMs = REATTACH_MS; leftMs > 0; leftMs = lastTryMs - world.clock.steady()) {
      if (call.sound === null) comforting(call);
      const phone = await phones.back(username, leftMs, here);
      if (!isInHand(call, side)) return true;
      if (phone === undefined) return false;
      const how = await bring(call, side, phone);
      if (how === 'settled' || !isInHand(call, side)) return true;
      if (how === 'never') return false;
      await pause(world.clock, AGAIN_MS, here);
    }
    return false;
  }

  function comforting(call: Call): void {
    inBackground(world, 'comfort', comfort(world, call, newSound(call)), call.interactionId);
  }

  /** The customer hears so at once, whatever the dead leg still owes us. */
  return async (call: Call, side: OperatorSide, old: Leg, cause: string): Promise<void> => {
    const { companyId, interactionId } = call;
    side.leg = null;
    side.bridged = false;
    if (!isInHand(call, side)) return endLeg(old, cause);
    comforting(call);
    inBackground(world, 'end of a lost leg', endLeg(old, cause), interactionId);
    const username = world.directory.softphoneOf(companyId, side.agentId);
    // It did not answer in its own call: nobody is sent there before it answers again.
    if (username !== undefined && cause === 'unreachable') phones.lose(username);
    await note(call, 'agentLegLost', { cause });
    if (await comesBack(call, side)) return;
    await loseOperator(world, call, side, cause);
  };
}
