import type { Interaction } from '../interactions/index.ts';
import { inBackground } from './background.ts';
import type { Call, Calls, Leg } from './call.ts';
import { tieLeg } from './leg-ties.ts';
import { watchLeg } from './leg-watch.ts';
import { report } from './report.ts';
import { tellSilence } from './silence.ts';
import type { IncomingCall, SipDialog } from './ports.ts';
import type { VoiceWorld } from './world.ts';

/** A customer from whom nothing came for this long is asked whether it is still there, ms. */
const SILENT_CUSTOMER_MS = 20_000;

/** Ends both halves of a leg, whatever state they are in. */
export async function endLeg(leg: Leg, reason: string): Promise<void> {
  await Promise.allSettled([leg.dialog.bye(reason), leg.endpoint.destroy()]);
}

/** The customer's side of a call: answered, followed until its end, hung up by us. */
export function createCustomerLegs(world: VoiceWorld, calls: Calls) {
  async function finish(call: Call): Promise<void> {
    calls.remove(call.interactionId);
    await call.customer.endpoint.stopRecording().catch((error: unknown) => {
      world.logger.warn(
        { err: error, interactionId: call.interactionId },
        'the recording did not end cleanly',
      );
    });
    await endLeg(call.customer, 'call ended');
  }

  return {
    /** Our description is the answer, or the offer where the INVITE brought none and the ACK brings the answer. */
    async answer(incoming: IncomingCall): Promise<Leg> {
      const webrtc = incoming.peer.transport === 'ws' || incoming.peer.transport === 'wss';
      const offered = incoming.remoteSdp !== '';
      const endpoint = await world.media.createEndpoint({
        kind: webrtc ? 'webrtc' : 'rtp',
        ...(offered && { remoteSdp: incoming.remoteSdp }),
        signalledFrom: incoming.peer.address,
      });
      let dialog: SipDialog | undefined;
      try {
        dialog = await incoming.answer(endpoint.localSdp);
        if (!offered) await endpoint.setRemote(dialog.remoteSdp);
        tieLeg(dialog, endpoint);
        return { endpoint, dialog, media: webrtc ? 'webrtc' : 'rtp' };
      } catch (error) {
        await Promise.allSettled([dialog?.bye('no sound'), endpoint.destroy()]);
        throw error;
      }
    },

    /** From here on the customer's hang-up, however it comes, is told to the interaction once. */
    track(interaction: Interaction, leg: Leg, trunkId: string | null, release: () => void): Call {
      const call: Call = {
        interactionId: interaction.id,
        companyId: interaction.companyId,
        trunkId,
        customer: leg,
        gone: new AbortController(),
        sound: null,
        telling: Promise.resolve(),
        operator: null,
        recordingPath: null,
      };
      calls.add(call);
      call.gone.signal.addEventListener('abort', release, { once: true });
      const left = (by: 'customer' | 'line' | 'server', cause: string): void => {
        if (call.gone.signal.aborted) return;
        call.gone.abort();
        const told = report(world, call, { type: 'customerLeft', by, cause }).finally(() => finish(call));
        inBackground(world, 'end of the customer’s leg', told, call.interactionId);
      };
      // A line that dropped (a closed page, no refresh, no answer) is the customer gone, not a loss of ours.
      leg.dialog.onEnd((cause) => left(cause === 'bye' ? 'customer' : 'line', cause));
      watchLeg(leg, {
        clock: world.clock,
        silentMs: SILENT_CUSTOMER_MS,
        over: call.gone.signal,
        lost: (cause) => left(cause === 'mediaLost' ? 'server' : 'line', cause),
      });
      leg.dialog.onModify((sdp) => leg.endpoint.setRemote(sdp));
      tellSilence(world, call);
      return call;
    },

    /** Our decision to end: told to the interaction by whoever decides. */
    async hangUp(call: Call, reason: string): Promise<void> {
      // Gone already: the customer hung up, and who told us of it ends the leg.
      if (call.gone.signal.aborted) return;
      call.gone.abort();
      await finish(call);
      world.logger.info({ interactionId: call.interactionId, reason }, 'call ended by us');
    },
  };
}
export type CustomerLegs = ReturnType<typeof createCustomerLegs>;
