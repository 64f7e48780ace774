import { join } from 'node:path';
import type { Access } from '../access/index.ts';
import { onVoice } from '../agents/index.ts';
import type { Directory } from '../company/index.ts';
import type { Customers } from '../customers/index.ts';
import { fixedParts, queuesOf } from '../flows/index.ts';
import { type Engines, startEngines } from './engines.ts';
import type { CustomerId, InteractionId } from '../shared/ids.ts';
import { createIds } from '../shared/ids-factory.ts';
import {
  combineAuth,
  createVoice,
  DEFAULT_DIALING,
  prepareSounds,
  type SoftphoneAuth,
  type Voice,
  type VoiceWorld,
} from '../voice/index.ts';
import { closedMessage } from './closed-message.ts';
import type { Core } from './core.ts';
import type { Erps } from './erp.ts';
import { createFlowRuntime, flowName } from './flow-runtime.ts';
import type { Platform } from './platform.ts';
import type { QueueFor } from './queue-uses.ts';

export interface VoiceRooms {
  readonly voice: Voice;
  readonly sip: Engines['sip'];
  /** Is there such a flow file, e.g. principal.yaml? */
  flowExists(file: string): boolean;
  /** The flows of this server, by file. */
  flowList(): readonly { readonly file: string; readonly queues: string[] }[];
  /** Queues that the file's flow can lead to. */
  flowQueues(file: string): readonly string[];
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
  readonly queueFor: QueueFor;
}

/** What call control asks the other rooms. */
function neighbours({
  core,
  directory,
  customers,
  queueFor,
}: Deps): Pick<VoiceWorld, 'directory' | 'customers' | 'queue'> {
  const { router, queues, agents } = core;
  return {
    directory: {
      did: (called, trunk) => {
        const did = directory.did(called, directory.trunks().find((t) => t.id === trunk?.id)?.companyId);
        return Promise.resolve(
          did === undefined ? undefined : { companyId: did.companyId, number: did.number, flow: did.flow },
        );
      },
      trunks: () => directory.trunks(),
      dialing: (companyId) => directory.company(companyId)?.dialing ?? DEFAULT_DIALING,
      ownNumbers: (companyId) => directory.dids(companyId).map((did) => did.number),
      queueExists: (companyId, key) => queues.get(companyId, key)?.active === true,
      softphoneOf: (companyId, agentId) => agents.get(companyId, agentId)?.sipUser ?? undefined,
      isOnCall: (companyId, agentId) => {
        const agent = agents.get(companyId, agentId);
        return agent !== undefined && onVoice(agent);
      },
      queuesOf: (companyId, agentId) =>
        (agents.get(companyId, agentId)?.queues ?? []).filter((key) => queues.get(companyId, key)?.active),
      queueFor,
      closedMessage: (companyId, queue) =>
        Promise.resolve(closedMessage(directory, queues, companyId, queue)),
    },
    customers: {
      async byPhone(companyId, phone) {
        const { customer } = await customers.byPhone(companyId, phone);
        // A caller's number proves little: known, not confirmed (contract.md, identity).
        return customer === null
          ? { customer: null, identity: 'unknown' }
          : { customer: { id: customer._id as CustomerId, name: customer.name }, identity: 'unconfirmed' };
      },
    },
    queue: {
      accept: (companyId, interactionId, agentId) => router.accept(companyId, interactionId, agentId),
      reject: (companyId, interactionId, agentId) => router.reject(companyId, interactionId, agentId),
      takeOwn: (companyId, interactionId, agentId) =>
        router.take(companyId, interactionId, agentId, { own: true }),
      waitOf: (companyId, interactionId: InteractionId, queue) => ({
        position: router.position(companyId, interactionId) + 1,
        estimatedWaitMs: router.estimatedWait(companyId, queue, interactionId),
      }),
    },
  };
}

/** Signalling, sound, the spoken voice and the flows, joined by call control. */
export async function createVoiceRooms(deps: Deps): Promise<VoiceRooms> {
  const { platform, core, directory } = deps;
  const { clock, logger, dataDir } = platform;
  const engines = await startEngines(
    platform,
    combineAuth(deps.simulatorAuth, deps.access.softphones),
    deps.flowsDir,
  );
  const { sip, media, speech, flows } = engines;
  // A greeting names its company: spoken before the first caller asks, and again when the name changes.
  const warm = () =>
    void speech.prewarm(
      [...flows.values()].flatMap((flow) =>
        directory.companies().flatMap(({ name }) => fixedParts(flow, name)),
      ),
    );
  warm();
  directory.onChange(warm);
  const setTrunks = () => sip.setTrunks(directory.trunks());
  setTrunks();
  directory.onChange(setTrunks);
  deps.access.onSessionEnd((end) => {
    if (end.reason === 'deactivated') sip.unregister(end.username);
    else if (end.softphones.length > 0) sip.unregister(end.username, end.softphones);
  });
  const { agents, interactions } = core;
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
    ...neighbours(deps),
    agents,
    newKey: createIds(clock, platform.random),
    clock,
    logger,
  });
  return {
    voice,
    sip,
    flowExists: (file) => flows.has(flowName(file)),
    flowList: () => [...flows].map(([name, flow]) => ({ file: `${name}.yaml`, queues: [...queuesOf(flow)] })),
    flowQueues: (file) => {
      const flow = flows.get(flowName(file));
      return flow === undefined ? [] : queuesOf(flow);
    },
    async stop(graceMs) {
      await voice.stop();
      await engines.stop(graceMs);
    },
  };
}
