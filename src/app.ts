import { fileURLToPath } from 'node:url';
import { createAccess, type Access } from './access/index.ts';
import { createCore, type Core } from './app/core.ts';
import { createDemo, type Demo } from './app/demo.ts';
import { createErps } from './app/erp.ts';
import { createFiles } from './app/files.ts';
import { bindFollowUp } from './app/follow-up.ts';
import { createLiveBoard } from './app/live-board.ts';
import type { LiveBoard } from './supervision/index.ts';
import { mailRoutes, openMail } from './app/mail.ts';
import type { EmailChannel } from './channels/email/index.ts';
import { openPlatform, type Platform, readTls } from './app/platform.ts';
import { createEdges } from './app/routes.ts';
import { SIP_REALM } from './app/engines.ts';
import { createQueueFor, createQueueUses, type QueueUses, warnOfMissingQueues } from './app/queue-uses.ts';
import { createVoiceRooms, type VoiceRooms } from './app/voice.ts';
import { welcomeLines } from './app/welcome.ts';
import { createCompanyRoom, type CompanyRoom } from './company/index.ts';
import type { Config } from './config.ts';
import { createCustomers, createCustomerStore } from './customers/index.ts';
import { createHttpServer, type HttpServer } from './platform/http/index.ts';
import { createRealtime, type Realtime, type Publisher } from './platform/realtime/index.ts';

export interface App {
  /** Resolves when calls, mail and people can come in. */
  start(): Promise<void>;
  /** Ends calls politely, closes everything; idempotent. */
  stop(): Promise<void>;
  /** What to tell the person at the terminal. */
  welcome(tookMs: number): readonly string[];
}

/** BYEs and their answers get this long, ms. */
const CALL_GRACE_MS = 2_000;

const folder = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

interface Settings {
  readonly access: Access;
  readonly company: CompanyRoom;
}

async function createSettings(platform: Platform): Promise<Settings> {
  const { config, clock, random, secrets, logger, store } = platform;
  const company = await createCompanyRoom({
    connection: store.connection,
    clock,
    random,
    secrets,
    onFault: (error) => logger.error({ err: error }, 'settings could not be read'),
  });
  const { sip } = config;
  const access = createAccess({
    connection: store.connection,
    clock,
    random,
    secrets,
    companies: company,
    softphone: {
      realm: SIP_REALM,
      sipDomain: () => (sip.port === 5060 ? sip.advertiseAddress : `${sip.advertiseAddress}:${sip.port}`),
      wsUrl: () => `${config.publicUrl.replace(/^http/, 'ws')}/sip`,
      iceServers: [],
    },
  });
  platform.health.register({ name: 'login', check: () => access.health() });
  return { access, company };
}

async function createHttp(platform: Platform, access: Access): Promise<HttpServer> {
  const { config, health, metrics, logger } = platform;
  return createHttpServer({
    host: config.http.host,
    port: config.http.port,
    tls: await readTls(config),
    trustProxy: config.http.trustProxy,
    publicUrl: config.publicUrl,
    deskDir: folder('../softphone/dist'),
    authenticator: access.authenticator,
    health,
    metrics,
    log: logger,
  });
}

interface House {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly core: Core;
  readonly http: HttpServer;
  readonly demo: Demo;
  readonly voice: VoiceRooms;
  readonly mail: EmailChannel;
  readonly uses: QueueUses;
  stopLive(): Promise<void>;
}

function boardOf(
  { clock, health }: Platform,
  core: Core,
  { directory }: CompanyRoom,
  publisher: Publisher,
  { voice }: VoiceRooms,
): LiveBoard {
  const companies = () => directory.companies();
  return createLiveBoard({ core, clock, publisher, health, companies, trunks: (id) => voice.trunks(id) });
}

const openRealtime = (
  { config, clock, logger, metrics }: Platform,
  http: HttpServer,
  access: Access,
): Promise<Realtime> =>
  createRealtime({
    http,
    authenticator: access.authenticator,
    clock,
    log: logger,
    metrics,
    redisUrl: config.redisUrl,
  });

/** Where a contact goes whose queue is not there. */
const fallbackQueue = (core: Core, realtime: Realtime) =>
  createQueueFor({
    queues: core.queues,
    people: (companyId, queue) =>
      core.agents.list(companyId).filter((agent) => agent.active && agent.queues.includes(queue)).length,
    interactions: core.interactions,
    publisher: realtime.publisher,
  });

/** What leads to a queue: numbers by their flow, mailboxes, work that waits. */
const usesOf = (core: Core, company: CompanyRoom, mail: EmailChannel, voice: VoiceRooms): QueueUses =>
  createQueueUses({
    queues: core.queues,
    router: core.router,
    directory: company.directory,
    mailboxes: mail.mailboxes,
    flowQueues: (file) => voice.flowQueues(file),
  });

/** Joins the rooms. The order is that of their needs; nothing is let in before start(). */
async function build(config: Config): Promise<House> {
  const platform = await openPlatform(config);
  const { clock, random, logger, store } = platform;
  const settings = await createSettings(platform);
  const { access, company } = settings;
  const http = await createHttp(platform, access);
  const realtime = await openRealtime(platform, http, access);
  const core = createCore({
    store,
    copies: realtime.copies,
    clock,
    random,
    logger,
    directory: company.directory,
  });
  const customers = createCustomers({ store: createCustomerStore(store.connection), clock, random });
  const erps = createErps(clock);
  const files = createFiles({
    interactions: core.interactions,
    customers,
    erps,
    logger,
    publisher: () => realtime.publisher,
  });
  core.publishTo(realtime.publisher, (interaction) => files.snapshot(interaction));
  bindFollowUp({
    interactions: core.interactions,
    protocols: core.protocols,
    customers,
    publisher: realtime.publisher,
  });
  const queueFor = fallbackQueue(core, realtime);
  const mail = openMail({ platform, core, customers, directory: company.directory, queueFor });
  const demo = createDemo({ platform, settings, core, customers, erps, mail });
  await store.ensureIndexes();
  const voice = await createVoiceRooms({
    platform,
    core,
    access,
    directory: company.directory,
    customers,
    erps,
    simulatorAuth: demo.simulator?.auth,
    flowsDir: folder('../ivr-flows'),
    queueFor,
  });
  const board = boardOf(platform, core, company, realtime.publisher, voice);
  const uses = usesOf(core, company, mail, voice);
  const edges = createEdges({
    platform,
    core,
    access,
    company,
    customers,
    files,
    voice: voice.voice,
    flowExists: (file) => voice.flowExists(file),
    uses,
    board,
    mail,
  });
  http.addRoutes([
    ...edges.routes,
    ...mailRoutes(mail, edges.desk, access, demo.simulator !== undefined, (companyId, queue) =>
      uses.serves(companyId, queue),
    ),
    ...demo.routes,
  ]);
  for (const commands of edges.commands) realtime.addCommands(commands);
  http.onUpgrade('/sip', (request, socket, head) => voice.sip.handleUpgrade(request, socket, head));
  wirePresence(realtime, core, access);
  platform.health.register({ name: 'realtime', check: () => realtime.health() });
  return {
    platform,
    settings,
    core,
    http,
    demo,
    voice,
    mail,
    uses,
    async stopLive() {
      board.stop();
      erps.stop();
      await realtime.stop();
    },
  };
}

/** A desk's socket is the operator's being there; ended sessions lose theirs. */
function wirePresence(realtime: Realtime, core: Core, access: Access): void {
  realtime.onConnection(({ companyId, userId, via }, connected) => {
    if (via === 'session')
      void (connected
        ? core.agents.deskOpened(companyId, userId)
        : core.agents.deskClosed(companyId, userId));
  });
  access.onSessionEnd((end) => {
    if (end.credentialId === undefined) realtime.endUser(end.userId);
    else realtime.endSession(end.credentialId);
  });
  access.users.onChange((user) => realtime.refreshUser(user._id));
}

/** The whole product in one process (architecture.md). Rejects with AppError where the person can do something about it. */
export async function createApp(config: Config): Promise<App> {
  const house = await build(config);
  const { platform, settings, core, http, demo, voice, mail } = house;
  let stopping: Promise<void> | undefined;
  let setupToken: string | undefined;

  async function stop(): Promise<void> {
    await mail.stop();
    await voice.stop(CALL_GRACE_MS);
    await house.stopLive();
    await http.stop();
    settings.access.stop();
    settings.company.stop();
    await core.stop();
    demo.stop();
    await platform.stop();
  }

  return {
    async start() {
      await demo.start();
      await core.start(settings.access);
      warnOfMissingQueues(house.uses, settings.company.directory, platform.logger);
      await mail.start();
      await platform.jobs.start();
      const { missed } = await voice.voice.start();
      if (missed > 0)
        platform.logger.warn(
          { missed },
          'calls were lost with the last process; each has a task to call back',
        );
      settings.access.start();
      setupToken = await settings.access.setup.firstStartToken();
      await http.start();
    },
    stop: () => (stopping ??= stop()),
    welcome: (tookMs) =>
      welcomeLines({
        url: http.publicUrl(),
        sip: `${config.sip.host}:${voice.sip.port} (UDP, TCP)`,
        smtp: config.smtp.port === 0 ? undefined : `${config.smtp.host}:${config.smtp.port}`,
        demoPassword: demo.password(),
        setupToken,
        tookMs,
      }),
  };
}
