import type { FlowResult } from '../flows/index.ts';
import { parsePhone } from '../shared/br/phone.ts';
import { AppError } from '../shared/errors.ts';
import { PROMPTS } from '../speech/index.ts';
import type { Interaction } from '../interactions/index.ts';
import { type Call, type Calls, type Leg, newSound } from './call.ts';
import { runVoiceFlow } from './flow-io.ts';
import { endLeg } from './operator-leg.ts';
import type { IncomingCall } from './ports.ts';
import type { TrunkChannels, TrunkLine } from './trunks.ts';
import { tell } from './waiting.ts';
import type { CalledNumber, VoiceWorld } from './world.ts';

/** A caller without a usable number is still a contact: what the trunk sent, or this. */
const WITHHELD = 'anonymous';

/** Simulated phones register as softphones under this name and call as their number (demo only). */
export const SIMULATOR_PREFIX = 'simulador-';

interface Admitted {
  readonly did: CalledNumber;
  readonly trunk: TrunkLine | null;
  readonly caller: string;
  readonly release: () => void;
}

/** An inbound call from the trunk: admitted, opened with its protocol, answered, and handed to its flow. */
export function createInbound(world: VoiceWorld, calls: Calls, channels: TrunkChannels) {
  const { interactions, logger } = world;

  async function admit(incoming: IncomingCall): Promise<Admitted | undefined> {
    const { source } = incoming;
    const simulated = source.kind === 'softphone' && source.username.startsWith(SIMULATOR_PREFIX);
    const trunk = source.kind === 'trunk' ? channels.find(source.trunkId) : null;
    if (trunk === null && !simulated) {
      // Operators place calls through the desk, so that each has a protocol and a customer.
      incoming.reject(403);
      return undefined;
    }
    const did = await world.directory.did(incoming.calledUser, trunk);
    if (did === undefined) {
      incoming.reject(404);
      return undefined;
    }
    const callerText = simulated ? `+${source.username.slice(SIMULATOR_PREFIX.length)}` : incoming.callerUser;
    const caller = parsePhone(callerText)?.value ?? (callerText === '' ? WITHHELD : callerText.slice(0, 64));
    const release = trunk === null ? () => undefined : channels.take(trunk.id, 'inbound');
    return { did, trunk, caller, release };
  }

  async function open(incoming: IncomingCall, admitted: Admitted): Promise<Interaction> {
    const { did, caller } = admitted;
    // The store of customers answers in milliseconds; the ERP is asked later and blocks nobody.
    const known = await world.customers.byPhone(did.companyId, caller);
    const { interaction } = await interactions.open({
      companyId: did.companyId,
      channel: 'voice',
      direction: 'inbound',
      contact: {
        address: caller,
        ...(incoming.callerName === undefined ? {} : { name: incoming.callerName }),
      },
      idempotencyKey: `sip:${incoming.callId}`,
      customer: known.customer,
      identity: known.identity,
      to: did.number,
    });
    return interaction;
  }

  async function answer(incoming: IncomingCall): Promise<Leg> {
    const webrtc = incoming.peer.transport === 'ws' || incoming.peer.transport === 'wss';
    const endpoint = await world.media.createEndpoint({
      kind: webrtc ? 'webrtc' : 'rtp',
      remoteSdp: incoming.remoteSdp,
    });
    try {
      return { endpoint, dialog: await incoming.answer(endpoint.localSdp) };
    } catch (error) {
      await endpoint.destroy();
      throw error;
    }
  }

  /** From here on the customer's hang-up, however it comes, is told to the interaction once. */
  function track(interaction: Interaction, leg: Leg, trunk: TrunkLine | null, release: () => void): Call {
    const call: Call = {
      interactionId: interaction.id,
      companyId: interaction.companyId,
      trunkId: trunk?.id ?? null,
      customer: leg,
      gone: new AbortController(),
      sound: null,
      operator: null,
      recordingPath: null,
    };
    calls.add(call);
    call.gone.signal.addEventListener('abort', release, { once: true });
    leg.dialog.onEnd((cause) => {
      if (call.gone.signal.aborted) return;
      call.gone.abort();
      const by = cause === 'bye' ? 'customer' : 'server';
      void interactions
        .apply(call.companyId, call.interactionId, { type: 'customerLeft', by, cause })
        .finally(() => finish(call));
    });
    leg.dialog.onModify((sdp) => leg.endpoint.setRemote(sdp));
    return call;
  }

  async function finish(call: Call): Promise<void> {
    calls.remove(call.interactionId);
    await call.customer.endpoint.stopRecording().catch(() => undefined);
    await endLeg(call.customer, 'call ended');
  }

  /** Our decision to end: told to the interaction by whoever decides. */
  async function hangUp(call: Call, reason: string): Promise<void> {
    if (!call.gone.signal.aborted) call.gone.abort();
    await finish(call);
    logger.info({ interactionId: call.interactionId, reason }, 'call ended by us');
  }

  async function run(call: Call, did: CalledNumber): Promise<void> {
    const { companyId, interactionId } = call;
    await interactions.apply(companyId, interactionId, { type: 'flowStarted', flow: did.flow });
    const result = await runVoiceFlow(world, call, did.flow);
    switch (result.kind) {
      case 'ended':
        return;
      case 'failed':
        throw new AppError('flow.failed', 500, result.reason);
      case 'queue':
        return enqueue(call, result);
      case 'callback':
      case 'transfer':
      case 'hangup':
        return close(call, 'flowEnded');
    }
  }

  async function close(call: Call, cause: string): Promise<void> {
    await interactions.apply(call.companyId, call.interactionId, {
      type: 'closed',
      disposition: null,
      cause,
      by: { kind: 'system' },
    });
    return hangUp(call, cause);
  }

  async function enqueue(call: Call, target: Extract<FlowResult, { kind: 'queue' }>): Promise<void> {
    const closed = await world.directory.closedMessage(call.companyId, target.queue);
    if (closed !== undefined) {
      await tell(world, call, newSound(call), [closed]);
      return close(call, 'outOfHours');
    }
    const { queue, priority, skills, protocolType } = target;
    await interactions.apply(call.companyId, call.interactionId, {
      type: 'enqueued',
      queue,
      priority,
      skills,
      ...(protocolType === undefined ? {} : { protocolType }),
    });
  }

  async function handle(incoming: IncomingCall): Promise<void> {
    let cancelled = false;
    incoming.onCancel(() => (cancelled = true));
    let admitted: Admitted | undefined;
    try {
      admitted = await admit(incoming);
      if (admitted === undefined) return;
      const interaction = await open(incoming, admitted);
      if (cancelled) {
        admitted.release();
        await interactions.apply(interaction.companyId, interaction.id, {
          type: 'customerLeft',
          by: 'customer',
          cause: 'cancelled',
        });
        return;
      }
      const leg = await answer(incoming).catch(async (error: unknown) => {
        await interactions.apply(interaction.companyId, interaction.id, {
          type: 'customerLeft',
          by: cancelled ? 'customer' : 'server',
          cause: 'notAnswered',
        });
        throw error;
      });
      const call = track(interaction, leg, admitted.trunk, admitted.release);
      await run(call, admitted.did).catch((error: unknown) => recover(call, error));
    } catch (error) {
      admitted?.release();
      const status = (error as { status?: unknown }).status;
      incoming.reject(status === 503 ? 503 : status === 488 || status === 415 ? 488 : 500);
      logger.warn({ err: error, callId: incoming.callId }, 'inbound call refused');
    }
  }

  /** A broken flow must not lose the caller: say so and leave a task to call back. */
  async function recover(call: Call, error: unknown): Promise<void> {
    logger.error({ err: error, interactionId: call.interactionId }, 'the flow failed');
    if (call.gone.signal.aborted) return;
    await tell(world, call, newSound(call), [PROMPTS.technicalFault]).catch(() => false);
    await interactions.apply(call.companyId, call.interactionId, { type: 'missed', cause: 'flowFailed' });
    await hangUp(call, 'flow failed');
  }

  return { handle, hangUp, track };
}
export type Inbound = ReturnType<typeof createInbound>;
