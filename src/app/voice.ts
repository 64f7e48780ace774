import { join } from 'node:path';
import type { Access } from '../access/index.ts';
import type { Directory } from '../company/index.ts';
import type { Customers } from '../customers/index.ts';
import { fixedParts, loadFlows } from '../flows/index.ts';
import { createSpeech, firstProtocols, fixedPrompts } from '../speech/index.ts';
import type { CustomerId, InteractionId } from '../shared/ids.ts';
import { createIds } from '../shared/ids-factory.ts';
import {
  combineAuth,
  createEmbeddedMediaServer,
  createEmbeddedSipEdge,
  createVoice,
  prepareSounds,
  type SoftphoneAuth,
  type Voice,
} from '../voice/index.ts';
import { closedMessage } from './closed-message.ts';
import type { Core } from './core.ts';
import type { Erps } from './erp.ts';
import { createFlowRuntime } from './flow-runtime.ts';
import type { Platform } from './platform.ts';

/** Realm of SIP digest; softphone passwords are bound to it. */
export const SIP_REALM = 'ramal';

export interface VoiceRooms {
  readonly voice: Voice;
  readonly sip: Awaited<ReturnType<typeof createEmbeddedSipEdge>>;
  stop(graceMs: number): Promise<void>;
}

interface Deps {
  readonly platform: Platform;
  readonly core: Core;
  readonly access: Access;
  readonly directory: Directory;
  readonly customers: Customers;
  readonly erps: Erps;
  readonly simulatorAuth: SoftphoneAuth | undefined;
  readonly flowsDir: string;
}

/** Signalling, sound, the spoken voice and the flows, joined by call control. */
export async function createVoiceRooms(deps: Deps): Promise<VoiceRooms> {
  const { platform, core, directory } = deps;
  const { config, clock, random, logger, dataDir } = platform;
  const flows = await loadFlows(deps.flowsDir);
  const speech = createSpeech({
    dir: join(dataDir, 'speech'),
    audioDir: join(deps.flowsDir, 'audio'),
    clock,
  });
  const media = await createEmbeddedMediaServer({
    rtpPortMin: config.rtp.portMin,
    rtpPortMax: config.rtp.portMax,
    host: config.rtp.host,
    advertiseAddress: config.rtp.advertiseAddress,
    logger,
  });
  const sip = await createEmbeddedSipEdge({
    host: config.sip.host,
    port: config.sip.port,
    advertiseAddress: config.sip.advertiseAddress,
    realm: SIP_REALM,
    auth: combineAuth(deps.simulatorAuth, deps.access.softphones),
    logger,
    clock,
    random,
  });
  const setTrunks = () => sip.setTrunks(directory.trunks());
  setTrunks();
  directory.onChange(setTrunks);
  deps.access.onSessionEnd((end) => {
    if (end.reason === 'deactivated' || end.reason === 'logout') sip.unregister(end.username);
  });
  const { router, queues, agents, interactions } = core;
  const voice = createVoice({
    edge: sip,
    media,
    interactions,
    flows: createFlowRuntime({
      flows,
      speech,
      directory,
      interactions,
      customers: deps.customers,
      erps: deps.erps,
    }),
    speech,
    ...(await prepareSounds(join(dataDir, 'sounds'))),
    recordingsDir: join(dataDir, 'recordings'),
    directory: {
      did: (called, trunk) => {
        const did = directory.did(called, directory.trunks().find((t) => t.id === trunk?.id)?.companyId);
        return Promise.resolve(
          did === undefined ? undefined : { companyId: did.companyId, number: did.number, flow: did.flow },
        );
      },
      trunks: () => directory.trunks(),
      softphoneOf: (companyId, agentId) => agents.get(companyId, agentId)?.sipUser ?? undefined,
      closedMessage: (companyId, queue) =>
        Promise.resolve(closedMessage(directory, queues, companyId, queue)),
    },
    customers: {
      async byPhone(companyId, phone) {
        const { customer } = await deps.customers.byPhone(companyId, phone);
        // A caller's number proves little: known, not confirmed (contract.md, identity).
        return customer === null
          ? { customer: null, identity: 'unknown' }
          : { customer: { id: customer._id as CustomerId, name: customer.name }, identity: 'unconfirmed' };
      },
    },
    queue: {
      accept: (companyId, interactionId, agentId) => router.accept(companyId, interactionId, agentId),
      takeOwn: (companyId, interactionId, agentId) =>
        router.take(companyId, interactionId, agentId, { own: true }),
      waitOf: (companyId, interactionId: InteractionId, queue) => ({
        position: router.position(companyId, interactionId) + 1,
        estimatedWaitMs: router.estimatedWait(companyId, queue, interactionId),
      }),
    },
    agents,
    newKey: createIds(clock, random),
    clock,
    logger,
  });
  platform.health.register({ name: 'sip', check: () => sip.health() });
  platform.health.register({ name: 'media', check: () => media.health() });
  const warm = [...flows.values()].flatMap(fixedParts);
  const month = new Date(clock.now()).toISOString().slice(0, 7).replace('-', '');
  void speech.prewarm([
    ...warm,
    ...firstProtocols(month).map((digits) => ({ kind: 'digits' as const, digits })),
    ...fixedPrompts().map((text) => ({ kind: 'text' as const, text })),
  ]);
  return {
    voice,
    sip,
    async stop(graceMs) {
      await voice.stop();
      await sip.stop(graceMs);
      await media.stop();
      await speech.stop();
    },
  };
}
