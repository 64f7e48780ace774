import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Interaction, Interactions, VoiceControl } from '../interactions/index.ts';
import { inBackground } from './background.ts';
import { createCalls } from './call.ts';
import { createVoiceCommands } from './commands.ts';
import { wireVoiceEffects } from './effects.ts';
import { SIMULATOR_PREFIX } from './admission.ts';
import { createCustomerLegs, endLeg } from './customer-leg.ts';
import { createInbound } from './inbound.ts';
import { createOperatorLegs } from './operator-leg.ts';
import { type CallRequest, createOutbound } from './outbound.ts';
import { createPhones } from './phones.ts';
import { missLostCalls } from './recovery.ts';
import { report } from './report.ts';
import { createTrunkChannels, type TrunkStatus } from './trunks.ts';
import type { VoiceWorld } from './world.ts';

export { createEmbeddedMediaServer, openRecording } from './media/index.ts';
export type { MediaServer, SipEdge, SoftphoneAuth, TrunkConfig } from './ports.ts';
export { createEmbeddedSipEdge } from './sip/index.ts';
export { prepareSounds } from './sounds.ts';
export { combineAuth, createSimulatorPhones } from './simulator.ts';
export { type VoiceRoutesDeps, voiceRoutes } from './http.ts';
export type { FlowRuntime } from './flow-io.ts';
export { recordingPath } from './dial.ts';
export { DEFAULT_DIALING, type DialingRules } from './dialing.ts';
export type { TrunkLine, TrunkStatus } from './trunks.ts';
export type { CalledNumber, VoiceWorld } from './world.ts';

export interface Voice {
  readonly control: VoiceControl;
  /** Marks calls that a crash took as missed, then lets calls in. */
  start(): Promise<{ readonly missed: number }>;
  /** Channels in use per trunk, for the board. */
  trunks(
    companyId: string,
  ): { readonly id: string; readonly name: string; readonly used: number; readonly channels: number }[];
  /** A trunk in use and how its registration stands; undefined: the company has no such trunk in use. */
  trunkStatus(companyId: string, trunkId: string): TrunkStatus | undefined;
  callsInHand(): number;
  call(companyId: CompanyId, agentId: AgentId, request: CallRequest): Promise<Interaction>;
  /** Says goodbye to every call (BYE on all legs); what they were is told to the store. */
  stop(): Promise<void>;
}

/** Call control: written once on the two engine ports (architecture.md, "Voice"). */
export function createVoice(world: VoiceWorld & { readonly interactions: Interactions }): Voice {
  const calls = createCalls();
  const channels = createTrunkChannels(() => world.directory.trunks());
  const phones = createPhones(world.edge, world.clock, (username, phone, missing) => {
    // The simulator's phones are customers, not operators.
    if (username.startsWith(SIMULATOR_PREFIX)) return;
    const noted = world.agents.setSoftphone(username, phone !== undefined, {
      autoAnswer: phone?.isDesk ?? false,
      refuses: missing === 'refuses',
    });
    inBackground(world, 'noting a registration', noted);
  });
  const operators = createOperatorLegs(world, phones);
  const customers = createCustomerLegs(world, calls);
  const inbound = createInbound(world, customers, channels);
  const outbound = createOutbound(world, channels, phones, operators, customers);
  wireVoiceEffects(world, calls, operators, customers);

  return {
    control: createVoiceCommands(world, calls, outbound),
    async start() {
      const missed = await missLostCalls(world);
      world.edge.onInvite((incoming) => inBackground(world, 'an incoming call', inbound.handle(incoming)));
      return { missed };
    },
    trunks: (companyId) => channels.all().filter((line) => line.companyId === companyId),
    trunkStatus(companyId, trunkId) {
      const line = channels.all().find(({ id }) => id === trunkId);
      if (line?.companyId !== companyId) return undefined;
      const registration = world.edge.registrationOf(trunkId) ?? null;
      return { id: line.id, used: line.used, channels: line.channels, registration };
    },
    callsInHand: () => calls.size(),
    call: (companyId, agentId, request) => outbound.call(companyId, agentId, request),
    async stop() {
      outbound.stop();
      phones.stop();
      await Promise.allSettled(
        calls.all().map(async (call) => {
          call.gone.abort();
          await operators.drop(call, 'server stops');
          await call.customer.endpoint.stopRecording();
          await endLeg(call.customer, 'server stops');
          await report(world, call, { type: 'customerLeft', by: 'server', cause: 'serverStopped' });
        }),
      );
    },
  };
}
