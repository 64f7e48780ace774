import type { Interaction } from '../interactions/index.ts';
import { parsePhone } from '../shared/br/phone.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { inBackground } from './background.ts';
import type { Call, Leg } from './call.ts';
import { type CustomerLegs, endLeg } from './customer-leg.ts';
import { dialLeg } from './dial.ts';
import type { OperatorLegs } from './operator-leg.ts';
import type { Phones } from './phones.ts';
import type { OutgoingCall, SipFailure } from './ports.ts';
import { simulatorUsername } from './simulator.ts';
import type { TrunkChannels, TrunkLine } from './trunks.ts';
import type { VoiceWorld } from './world.ts';

/** How long the customer's phone rings, ms (RGC asks for at least 20 s). */
const RING_MS = 40_000;

export interface CallRequest {
  readonly to: string;
  readonly from?: string | undefined;
  readonly queue?: string | undefined;
}

interface Route {
  readonly to: OutgoingCall['to'];
  readonly media: 'rtp' | 'webrtc';
  readonly callerId: string;
  readonly trunk: TrunkLine | null;
}

function failureOf(error: unknown): SipFailure {
  const { status, reason } = error as Partial<SipFailure>;
  return { status: status ?? 500, reason: reason ?? 'failed' };
}

function causeOf(failure: SipFailure, cancelled: boolean): string {
  if (cancelled) return 'agentCancelled';
  return failure.status === 486 || failure.status === 600 ? 'busy' : 'notAnswered';
}

/** Where a number is called: the demo's simulated phone when there is one, else a trunk that takes outbound calls. */
function routeTo(
  world: VoiceWorld,
  phones: Phones,
  companyId: CompanyId,
  number: string,
  from: string | undefined,
): Route {
  const simulated = phones.get(simulatorUsername(number));
  if (simulated !== undefined)
    return {
      to: { kind: 'softphone', username: simulated.username },
      media: simulated.media,
      callerId: from ?? 'ramal',
      trunk: null,
    };
  const trunk = world.directory
    .trunks()
    .find((line) => line.companyId === companyId && line.direction !== 'inbound');
  if (trunk === undefined)
    throw new AppError('trunk.noOutbound', 409, 'no trunk of this company takes outbound calls');
  return {
    to: { kind: 'trunk', trunkId: trunk.id, number },
    media: 'rtp',
    callerId: from ?? trunk.callerId ?? 'anonymous',
    trunk,
  };
}

/** The customer's leg, with sound; rejects with SipFailure when busy, unanswered or refused, or when `signal` gives up. */
async function dialCustomer(world: VoiceWorld, route: Route, signal: AbortSignal): Promise<Leg> {
  const leg = await dialLeg(
    world,
    { kind: route.media },
    {
      to: route.to,
      callerUser: route.callerId,
      signal: AbortSignal.any([signal, AbortSignal.timeout(RING_MS)]),
    },
  );
  try {
    await leg.endpoint.connected();
    // Given up in the very moment of the answer: nobody is there to talk to.
    signal.throwIfAborted();
    return leg;
  } catch (error) {
    await endLeg(leg, 'no operator');
    throw error;
  }
}

async function openContact(
  world: VoiceWorld,
  companyId: CompanyId,
  number: string,
  route: Route,
  queue: string | undefined,
): Promise<Interaction> {
  const known = await world.customers.byPhone(companyId, number);
  const { interaction } = await world.interactions.open({
    companyId,
    channel: 'voice',
    direction: 'outbound',
    contact: { address: number },
    idempotencyKey: `call:${world.newKey()}`,
    customer: known.customer,
    identity: known.identity,
    to: route.callerId,
    ...(queue === undefined ? {} : { queue }),
  });
  return interaction;
}

/** The operator's capacity is held before anything rings; without it the contact is over. */
async function take(
  world: VoiceWorld,
  interaction: Interaction,
  agentId: AgentId,
): Promise<{ taken: Interaction; hold: string }> {
  const { companyId, id } = interaction;
  try {
    const taken = await world.queue.takeOwn(companyId, id, agentId);
    if (taken.state.name !== 'active')
      throw new AppError('interaction.conflict', 409, 'the call could not be started');
    return { taken, hold: taken.state.claim.hold };
  } catch (error) {
    await world.interactions.apply(companyId, id, {
      type: 'closed',
      disposition: null,
      cause: 'agentUnavailable',
      by: { kind: 'system' },
    });
    throw error;
  }
}

/** A call of ours, with its operator's capacity held. */
interface Taken {
  readonly interaction: Interaction;
  readonly agentId: AgentId;
  readonly hold: string;
  /** Aborted when the operator gives up or its softphone leaves before the customer is there. */
  readonly gone: AbortController;
}

/** POST /calls: the operator's own softphone first, then the customer (contract.md). */
export function createOutbound(
  world: VoiceWorld,
  channels: TrunkChannels,
  phones: Phones,
  operators: OperatorLegs,
  customers: CustomerLegs,
) {
  const { interactions } = world;
  /** Calls whose customer has not answered yet, by interaction. */
  const dialing = new Map<InteractionId, { readonly agentId: AgentId; readonly gone: AbortController }>();

  async function run(
    { interaction, agentId, hold, gone }: Taken,
    route: Route,
    release: () => void,
  ): Promise<void> {
    const { companyId, id } = interaction;
    const failed = async (cause: string) => {
      release();
      await interactions.apply(companyId, id, {
        type: 'customerLeft',
        by: 'customer',
        cause,
        actor: cause === 'agentCancelled' ? { kind: 'agent', id: agentId } : { kind: 'system' },
      });
    };
    const softphone = await operators.callOwn(companyId, id, agentId, gone).catch(() => undefined);
    if (softphone === undefined)
      return failed(gone.signal.aborted ? 'agentCancelled' : 'softphoneUnreachable');
    const ringing = new AbortController();
    const ringback = softphone.endpoint.play([world.ringbackPath], {
      loop: true,
      signal: AbortSignal.any([ringing.signal, gone.signal]),
    });
    inBackground(world, 'ringing tone', ringback, id);
    let call: Call | undefined;
    try {
      const customer = await dialCustomer(world, route, gone.signal);
      ringing.abort();
      call = customers.track(interaction, customer, route.trunk?.id ?? null, release);
      await operators.adopt(call, agentId, hold, softphone);
    } catch (error) {
      const failure = failureOf(error);
      const cause = causeOf(failure, gone.signal.aborted);
      await interactions.record(companyId, id, {
        kind: 'dialFailed',
        actor: { kind: 'system' },
        data: { status: failure.status, cause },
      });
      await failed(cause);
      await endLeg(softphone, cause);
      if (call !== undefined) await customers.hangUp(call, cause);
    }
  }

  return {
    async call(companyId: CompanyId, agentId: AgentId, request: CallRequest): Promise<Interaction> {
      const phone = parsePhone(request.to);
      if (phone?.callable !== true) throw new AppError('call.badNumber', 422, 'this number cannot be called');
      const route = routeTo(world, phones, companyId, phone.value, request.from);
      const release = route.trunk === null ? () => undefined : channels.take(route.trunk.id, 'outbound');
      try {
        const { taken, hold } = await take(
          world,
          await openContact(world, companyId, phone.value, route, request.queue),
          agentId,
        );
        const gone = new AbortController();
        dialing.set(taken.id, { agentId, gone });
        void run({ interaction: taken, agentId, hold, gone }, route, release)
          .catch((error: unknown) => {
            world.logger.error({ err: error, interactionId: taken.id }, 'outbound call failed');
          })
          .finally(() => dialing.delete(taken.id));
        return taken;
      } catch (error) {
        release();
        throw error;
      }
    },

    /** The operator gives up before the customer answered; false when this operator dials no such call. */
    cancel(interactionId: InteractionId, agentId: AgentId): boolean {
      const call = dialing.get(interactionId);
      if (call?.agentId !== agentId) return false;
      call.gone.abort();
      return true;
    },

    /** No phone rings on after us. */
    stop(): void {
      for (const { gone } of dialing.values()) gone.abort();
    },
  };
}
export type Outbound = ReturnType<typeof createOutbound>;
