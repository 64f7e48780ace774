import { accessAdminRoutes, type Access, authRoutes } from '../access/index.ts';
import { agentRoutes, agentSocket } from '../agents/index.ts';
import type { EmailChannel } from '../channels/email/index.ts';
import { companiesRoutes, companyRoutes, type CompanyRoom } from '../company/index.ts';
import { type CustomerFiles, customerRoutes, type Customers } from '../customers/index.ts';
import {
  createDesk,
  createHands,
  handsRoutes,
  undeliveredRoutes,
  type Desk,
  type Hands,
  type HandsDeps,
  type Interaction,
  interactionRoutes,
  interactionSocket,
  interactionView,
  type TransferTargets,
} from '../interactions/index.ts';
import { flowRoutes } from '../flows/index.ts';
import type { Route } from '../platform/http/index.ts';
import type { SocketCommands } from '../platform/realtime/index.ts';
import { protocolRoutes } from '../protocols/index.ts';
import { queueRoutes } from '../queue/index.ts';
import { createIds } from '../shared/ids-factory.ts';
import { boardRoutes, boardSocket, type LiveBoard, startOfDay } from '../supervision/index.ts';
import { openRecording, recordingPath, voiceRoutes, type Voice } from '../voice/index.ts';
import type { Core } from './core.ts';
import type { VoiceRooms } from './voice.ts';
import { linkOf } from './customer-link.ts';
import { type AuditNames, createAuditNames } from './audit-names.ts';
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
  readonly flowList: VoiceRooms['flowList'];
  readonly uses: QueueUses;
  /** What an API key can be granted. */
  readonly scopes: () => readonly string[];
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
  const desk = createDesk({
    interactions,
    offers: router,
    voice: voice.control,
    targets: {
      ...whomToGiveTo(core),
      agentWaitMs: AGENT_WAIT_MS,
    },
    clock,
    ids: createIds(clock, random),
    attachments: (principal, ids, contact) => deps.mail.attachments.forMessage(principal, ids, contact),
    sendAgain: (interaction, messageId) => deps.mail.sendAgain(interaction, messageId),
  });
  const contextNow = (interaction: Interaction) => {
    const context = files.snapshot(interaction);
    // Somebody looks at it: what aged meanwhile is asked again and arrives by socket.
    if (interaction.agent !== null && interaction.timestamps.closedAt === null) files.start(interaction);
    return context;
  };
  const routes: Route[] = [
    ...authRoutes(access),
    ...peopleRoutes(deps),
    ...companiesRoutes({ company, access }),
    ...flowRoutes(deps.flowList),
    ...companyRoutes({
      company,
      flowExists: deps.flowExists,
      missingQueues: (companyId, flow) => deps.uses.missing(companyId, flow),
    }),
    ...customerRoutes({
      customers: deps.customers,
      search: (asker, text, limit) => files.search(asker, text, limit),
      contextOf: (companyId, customer, waitMs) => files.ofCustomer(companyId, customer, waitMs),
      link: linkOf({ customers: deps.customers, interactions, desk, audit: access.audit }),
    }),
    ...handsRoutes(handsOf(core, desk)),
    ...undeliveredRoutes({ desk, interactions }),
    ...interactionRoutes({ desk, interactions, contextNow }),
    ...protocolRoutes({
      protocols,
      now: () => new Date(clock.now()),
      contacts: async (companyId, number) =>
        (await interactions.byProtocol(companyId, number)).map(interactionView),
      timeline: (companyId, number) => interactions.protocolTimeline(companyId, number),
    }),
    ...queueRoutes({
      queues,
      router,
      calendarExists: (companyId, key) => company.directory.calendar(companyId, key) !== undefined,
      usedBy: (companyId, key) => deps.uses.of(companyId, key),
    }),
    ...agentRoutes({
      agents,
      dayStart: (companyId) => startOfDay(timeZone(companyId), new Date(clock.now())),
    }),
    ...boardRoutes(deps.board),
    ...voiceRoutes({
      call: (companyId, agentId, request) => voice.call(companyId, agentId, request),
      trunkStatus: (companyId, id) => voice.trunkStatus(companyId, id),
      view: interactionView,
      visible: (principal, id) => desk.see(principal, id),
      openRecording: (companyId, id) =>
        openRecording(recordingPath(join(platform.dataDir, 'recordings'), companyId, id)),
    }),
  ];
  return { desk, routes, commands: [interactionSocket(desk), agentSocket(agents), boardSocket(deps.board)] };
}

/** People, their keys, and what may be given to them. */
const peopleRoutes = (deps: EdgeDeps): readonly Route[] =>
  accessAdminRoutes(deps.access, {
    scopes: deps.scopes,
    queueExists: (companyId, key) => deps.core.queues.get(companyId, key) !== undefined,
    nameOf: auditNames(deps),
  });

const auditNames = ({ access, core, company, customers }: EdgeDeps): AuditNames =>
  createAuditNames({
    person: (companyId, id) => access.users.get(companyId, id),
    apiKey: (companyId, id) => access.apiKeys.get(companyId, id),
    queue: (companyId, key) => core.queues.get(companyId, key),
    customer: (companyId, id) => customers.get(companyId, id),
    contact: (companyId, id) => core.interactions.get(companyId, id),
    did: (companyId, id) => company.dids.get(companyId, id),
    trunk: (companyId, id) => company.trunks.get(companyId, id),
    calendar: (companyId, id) => company.calendars.get(companyId, id),
    company: (id) => company.directory.company(id),
    first: () => company.first(),
  });

/** Taking, giving and writing up contacts. */
const handsOf = ({ interactions, router, queues, agents }: Core, desk: Desk): Hands =>
  createHands({
    desk,
    interactions,
    take: (companyId, id, agentId, options) => router.take(companyId, id, agentId, options),
    rules: (companyId, queue) => queues.settings(companyId, queue),
    operator: (companyId, id) => standingOf(agents, companyId, id),
  });

/** How an operator stands, as far as giving somebody a contact asks. */
function standingOf(
  agents: Core['agents'],
  companyId: string,
  id: string,
): ReturnType<HandsDeps['operator']> {
  const agent = agents.get(companyId, id);
  if (agent?.active !== true) return undefined;
  return { id: agent.id, name: agent.name, state: agent.presence.state, softphone: agent.softphone.up };
}

/** Whom and where a contact can be given to. */
function whomToGiveTo({ queues, agents, router }: Core): Omit<TransferTargets, 'agentWaitMs'> {
  const queueExists = (companyId: string, key: string) => queues.get(companyId, key)?.active === true;
  return {
    queueExists,
    refusal: (contact, id) => router.refusal(contact, id),
    queueOf: (companyId, id) => agents.get(companyId, id)?.queues.find((key) => queueExists(companyId, key)),
  };
}
