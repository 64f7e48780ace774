import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { inBackground } from './background.ts';
import { soundOf } from './bridge.ts';
import { type Call, isInHand, type Leg, type OperatorSide } from './call.ts';
import { endLeg } from './customer-leg.ts';
import { dialing, dialSoftphone } from './dial.ts';
import { gaveNoAnswer, isNoSound } from './failures.ts';
import type { Phone, Phones } from './phones.ts';
import type { VoiceWorld } from './world.ts';

/** Calls operators' softphones; each of these rejects with SipFailure, or with media.notConnected when there is no sound twice. */
export function createOperatorDial(world: VoiceWorld, phones: Phones) {
  function phoneOf(companyId: CompanyId, agentId: AgentId): Phone | undefined {
    const username = world.directory.softphoneOf(companyId, agentId);
    return username === undefined ? undefined : phones.get(username);
  }

  /** A WebRTC association that dies while it is set up says nothing about the softphone: once more. */
  async function onceMore<T>(
    interactionId: InteractionId,
    wanted: () => boolean,
    attempt: () => Promise<T>,
  ): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (!isNoSound(error) || !wanted()) throw error;
      world.logger.warn({ err: error, interactionId }, 'the softphone is dialled once more');
      return attempt();
    }
  }

  /** `then` belongs to setting the leg up. */
  const dialOnceMore = <T>(
    call: Call,
    side: OperatorSide,
    phone: Phone,
    then: (leg: Leg) => T | Promise<T>,
    onHeard?: () => void,
  ): Promise<T> =>
    onceMore(
      call.interactionId,
      () => isInHand(call, side),
      async () => then(await dialSoftphone(world, phones, call, phone, dialing(call, side), onHeard)),
    );

  /** The leg of an own call, heard. */
  async function dialOwnOnce(
    about: { readonly companyId: CompanyId; readonly interactionId: InteractionId },
    phone: Phone,
    gone: AbortController,
  ): Promise<Leg> {
    const leg = await dialSoftphone(world, phones, about, phone, gone.signal);
    leg.dialog.onEnd((cause) => gone.abort(cause === 'bye' ? 'agentCancelled' : 'softphoneUnreachable'));
    try {
      await soundOf(leg);
      return leg;
    } catch (error) {
      await endLeg(leg, 'no sound');
      throw error;
    }
  }

  /** Rings, and answering is accepting. A phone that is silent to this and to a question meanwhile counts as gone, and rings no more. */
  function ringOut(call: Call, side: OperatorSide, phone: Phone): Promise<Leg> {
    let hear = (): void => undefined;
    const heard = new Promise<boolean>((resolve) => (hear = () => resolve(true)));
    const ringing = dialOnceMore(
      call,
      side,
      phone,
      (leg) => leg,
      () => hear(),
    );
    const asked = phones.check(phone.username, heard).then((there) => {
      if (there === undefined) side.dialing.abort();
    });
    inBackground(world, 'asking the phone that rings', asked, call.interactionId);
    // What we gave up ourselves says nothing about the phone.
    ringing.then(hear, (error: unknown) => (gaveNoAnswer(error) ? undefined : hear()));
    return ringing;
  }

  return {
    phoneOf,
    dialOnceMore,
    ringOut,
    dialOwn: (about: Parameters<typeof dialOwnOnce>[0], phone: Phone, gone: AbortController): Promise<Leg> =>
      onceMore(
        about.interactionId,
        () => !gone.signal.aborted,
        () => dialOwnOnce(about, phone, gone),
      ),
  };
}
