import { accessAdminRoutes, type Access, authRoutes } from '../access/index.ts';
import { agentRoutes, agentSocket } from '../agents/index.ts';
import type { EmailChannel } from '../channels/email/index.ts';
import { companyRoutes, type CompanyRoom } from '../company/index.ts';
import { type CustomerFiles, customerRoutes, type Customers } from '../customers/index.ts';
import {
  createDesk,
  type Desk,
  type Interaction,
  interactionRoutes,
  interactionSocket,
  interactionView,
} from '../interactions/index.ts';
import type { Principal, Route } from '../platform/http/index.ts';
import type { SocketCommands } from '../platform/realtime/index.ts';
import { protocolRoutes } from '../protocols/index.ts';
import { queueRoutes } from '../queue/index.ts';
import { createIds } from '../shared/ids-factory.ts';
import { boardRoutes, boardSocket, type LiveBoard, startOfDay } from '../supervision/index.ts';
import { openRecording, recordingPath, voiceRoutes, type Voice } from '../voice/index.ts';
import type { Core } from './core.ts';
import { linkOf } from './customer-link.ts';
import type { Platform } from './platform.ts';
import type { QueueUses } from './queue-uses.ts';
import { join } from 'node:path';

export interface EdgeDeps {
  readonly platform: Platform;
  readonly core: Core;
  readonly access: Access;
  readonly company: CompanyRoom;
  readonly customers: Customers;
  readonly files: CustomerFiles;
  readonly voice: Voice;
  readonly board: LiveBoard;
  readonly flowExists: (file: string) => boolean;
  readonly uses: QueueUses;
  readonly mail: EmailChannel;
}

/** How long a contact transferred to a named operator waits for that operator before its queue takes it, ms. */
const AGENT_WAIT_MS = 120_000;

/** Every route and socket command of the product, with what its room needs. */
export function createEdges(deps: EdgeDeps): {
  desk: Desk;
  routes: readonly Route[];
  commands: readonly SocketCommands[];
} {
  const { platform, core, access, company, files, voice } = deps;
  const { clock, random } = platform;
  const { interactions, queues, agents, router, protocols } = core;
  const timeZone = (companyId: string) =>
    company.directory.company(companyId)?.timeZone ?? 'America/Sao_Paulo';
  const audit = (kind: string) => (principal: Principal, action: string, id: string) =>
    access.audit.record(principal, { action, target: { kind, id } });
  const desk = createDesk({
    interactions,
    offers: router,
    voice: voice.control,
    targets: {
      queueExists: (companyId, key) => queues.get(companyId, key)?.active === true,
      agentState: (companyId, id) => agents.list(companyId).find((agent) => agent.id === id)?.presence.state,
      agentWaitMs: AGENT_WAIT_MS,
    },
    clock,
    ids: createIds(clock, random),
    attachments: (companyId, ids) => deps.mail.attachments.views(companyId, ids),
  });
  const contextNow = (interaction: Interaction) => {
    const context = files.snapshot(interaction);
    // Somebody looks at it: what aged meanwhile is asked again and arrives by socket.
    if (interaction.agent !== null && interaction.timestamps.closedAt === null) files.start(interaction);
    return context;
  };
  const routes: Route[] = [
    ...authRoutes(access),
    ...accessAdminRoutes(access),
    ...companyRoutes({
      company,
      audit: access.audit,
      flowExists: deps.flowExists,
      missingQueues: (companyId, flow) => deps.uses.missing(companyId, flow),
    }),
    ...customerRoutes({
      customers: deps.customers,
      search: (companyId, text, limit) => files.search(companyId, text, limit),
      contextOf: (companyId, customer, waitMs) => files.ofCustomer(companyId, customer, waitMs),
      link: linkOf({ customers: deps.customers, interactions, desk, audit: access.audit }),
    }),
    ...interactionRoutes({ desk, interactions, contextNow }),
    ...protocolRoutes({
      protocols,
      now: () => new Date(clock.now()),
      story: async (companyId, number) => ({
        interactions: (await interactions.byProtocol(companyId, number)).map(interactionView),
        timeline: await interactions.protocolTimeline(companyId, number),
      }),
      audit: audit('protocol'),
    }),
    ...queueRoutes({
      queues,
      router,
      audit: audit('queue'),
      usedBy: (companyId, key) => deps.uses.of(companyId, key),
    }),
    ...agentRoutes({
      agents,
      dayStart: (companyId) => startOfDay(timeZone(companyId), new Date(clock.now())),
    }),
    ...boardRoutes(deps.board),
    ...voiceRoutes({
      call: (companyId, agentId, request) => voice.call(companyId, agentId, request),
      view: interactionView,
      visible: (principal, id) => desk.see(principal, id),
      openRecording: (companyId, id) =>
        openRecording(recordingPath(join(platform.dataDir, 'recordings'), companyId, id)),
      audit: audit('interaction'),
    }),
  ];
  return { desk, routes, commands: [interactionSocket(desk), agentSocket(agents), boardSocket(deps.board)] };
}
