import { parsePhone } from '../shared/br/phone.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { Interaction } from '../interactions/index.ts';
import type { Leg } from './call.ts';
import type { Inbound } from './inbound.ts';
import { endLeg, type OperatorLegs } from './operator-leg.ts';
import type { Phones } from './phones.ts';
import type { OutgoingCall, SipFailure } from './ports.ts';
import { simulatorUsername } from './simulator.ts';
import type { TrunkChannels, TrunkLine } from './trunks.ts';
import type { VoiceWorld } from './world.ts';

/** How long the customer's phone rings, ms (RGC asks for at least 20 s). */
const RING_MS = 40_000;

export interface OutboundWorld extends VoiceWorld {
  readonly outbound: {
    newKey(): string;
    /** Holds the operator's voice capacity; rejects with `agent.busy`, `agent.offline` or `agent.noSoftphone`. */
    holdForCall(
      companyId: CompanyId,
      agentId: AgentId,
      interactionId: InteractionId,
    ): Promise<{ readonly hold: string; readonly wrapUpMs: number }>;
    agentName(companyId: CompanyId, agentId: AgentId): Promise<string>;
  };
  /** Path of a WAV with the ringing tone that the operator hears. */
  readonly ringbackPath: string;
}

interface Route {
  readonly to: OutgoingCall['to'];
  readonly media: 'rtp' | 'webrtc';
  readonly callerId: string;
  readonly trunk: TrunkLine | null;
}

/** POST /calls: the operator's own softphone first, then the customer (contract.md). */
export function createOutbound(
  world: OutboundWorld,
  channels: TrunkChannels,
  phones: Phones,
  operators: OperatorLegs,
  inbound: Inbound,
) {
  const { interactions } = world;

  function routeTo(companyId: CompanyId, number: string, from: string | undefined): Route {
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

  /** The customer's leg; null when busy, unanswered or refused. */
  async function dial(route: Route, signal: AbortSignal): Promise<Leg | SipFailure> {
    const endpoint = await world.media.createEndpoint({ kind: route.media });
    try {
      const dialog = await world.edge.invite({
        to: route.to,
        callerUser: route.callerId,
        localSdp: endpoint.localSdp,
        signal: AbortSignal.any([signal, AbortSignal.timeout(RING_MS)]),
      });
      await endpoint.setRemote(dialog.remoteSdp);
      await endpoint.connected();
      return { dialog, endpoint };
    } catch (error) {
      await endpoint.destroy();
      const status = (error as Partial<SipFailure>).status ?? 500;
      return { status, reason: (error as Partial<SipFailure>).reason ?? 'failed' };
    }
  }

  async function run(
    interaction: Interaction,
    agentId: AgentId,
    hold: string,
    route: Route,
    release: () => void,
  ): Promise<void> {
    const { companyId, id } = interaction;
    const gone = new AbortController();
    const softphone = await operators
      .callOwn(companyId, id, agentId, () => gone.abort())
      .catch(() => undefined);
    if (softphone === undefined) {
      release();
      await interactions.apply(companyId, id, {
        type: 'customerLeft',
        by: 'customer',
        cause: 'softphoneUnreachable',
      });
      return;
    }
    void softphone.endpoint.play([world.ringbackPath], { loop: true, signal: gone.signal });
    const customer = await dial(route, gone.signal);
    if (!('dialog' in customer)) {
      release();
      const cause =
        customer.status === 486 || customer.status === 600
          ? 'busy'
          : gone.signal.aborted
            ? 'agentCancelled'
            : 'notAnswered';
      await interactions.record(companyId, id, {
        kind: 'dialFailed',
        actor: { kind: 'system' },
        data: { status: customer.status, cause },
      });
      await interactions.apply(companyId, id, { type: 'customerLeft', by: 'customer', cause });
      await endLeg(softphone, cause);
      return;
    }
    const call = inbound.track(interaction, customer, route.trunk, release);
    await operators.adopt(call, agentId, hold, softphone);
  }

  return {
    async call(
      companyId: CompanyId,
      agentId: AgentId,
      request: {
        readonly to: string;
        readonly from?: string | undefined;
        readonly queue?: string | undefined;
      },
    ): Promise<Interaction> {
      const phone = parsePhone(request.to);
      if (phone?.callable !== true) throw new AppError('call.badNumber', 422, 'this number cannot be called');
      const route = routeTo(companyId, phone.value, request.from);
      const release = route.trunk === null ? () => undefined : channels.take(route.trunk.id, 'outbound');
      try {
        const known = await world.customers.byPhone(companyId, phone.value);
        const { interaction } = await interactions.open({
          companyId,
          channel: 'voice',
          direction: 'outbound',
          contact: { address: phone.value },
          idempotencyKey: `call:${world.outbound.newKey()}`,
          customer: known.customer,
          identity: known.identity,
          to: route.callerId,
          ...(request.queue === undefined ? {} : { queue: request.queue }),
        });
        const { hold, wrapUpMs } = await world.outbound
          .holdForCall(companyId, agentId, interaction.id)
          .catch(async (error: unknown) => {
            await interactions.apply(companyId, interaction.id, {
              type: 'closed',
              disposition: null,
              cause: 'agentUnavailable',
              by: { kind: 'system' },
            });
            throw error;
          });
        const agentName = await world.outbound.agentName(companyId, agentId);
        const taken = await interactions.apply(companyId, interaction.id, {
          type: 'accepted',
          agentId,
          direct: { hold, wrapUpMs, agentName },
        });
        if (!taken.ok) throw new AppError(taken.error.code, 409, 'the call could not be started');
        void run(taken.value, agentId, hold, route, release).catch((error: unknown) =>
          world.logger.error({ err: error, interactionId: interaction.id }, 'outbound call failed'),
        );
        return taken.value;
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}
