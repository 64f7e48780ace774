import { fileURLToPath } from 'node:url';
import type { Access } from './access/index.ts';
import { createCore, type Core } from './app/core.ts';
import { createDemo, type Demo } from './app/demo.ts';
import { createErps } from './app/erp.ts';
import { registerFigures } from './app/figures.ts';
import { createFiles } from './app/files.ts';
import { bindFollowUp } from './app/follow-up.ts';
import { createLiveBoard } from './app/live-board.ts';
import type { LiveBoard } from './supervision/index.ts';
import { mailRoutes, openMail } from './app/mail.ts';
import type { EmailChannel } from './channels/email/index.ts';
import { openPlatform, type Platform, readTls } from './app/platform.ts';
import { createEdges } from './app/routes.ts';
import { createQueueFor, createQueueUses, type QueueUses, warnOfMissingQueues } from './app/queue-uses.ts';
import { createSettings, type Settings } from './app/settings.ts';
import { createVoiceRooms, type VoiceRooms } from './app/voice.ts';
import { welcomeLines } from './app/welcome.ts';
import type { CompanyRoom } from './company/index.ts';
import type { Config } from './config.ts';
import { createCustomers, createCustomerStore } from './customers/index.ts';
import { createHttpServer, type HttpServer } from './platform/http/index.ts';
import { createRealtime, type Realtime, type Publisher } from './platform/realtime/index.ts';
import type { AppError } from './shared/errors.ts';

export interface App {
  /** Resolves when calls, mail and people can come in. */
  start(): Promise<void>;
  /** Ends calls politely, closes everything; idempotent. */
  stop(): Promise<void>;
  /** Reads TLS_CERT and TLS_KEY again; calls and sockets go on. Never rejects: what does not serve is logged, the old pair stays. */
  renewCertificate(): Promise<void>;
  /** What to tell the person at the terminal. */
  welcome(tookMs: number): readonly string[];
}

/** BYEs and their answers get this long, ms. */
const CALL_GRACE_MS = 2_000;

const folder = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

async function createHttp(platform: Platform, access: Access): Promise<HttpServer> {
  const { config, health, metrics, logger } = platform;
  return createHttpServer({
    host: config.http.host,
    port: config.http.port,
    tls: await readTls(config),
    trustProxy: config.http.trustProxy,
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    deskDir: folder('../softphone/dist'),
    authenticator: access.authenticator,
    audit: access.audit,
    health,
    metrics,
    log: logger,
    production: config.production,
    metricsToken: config.metricsToken,
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
  readonly standing: { idle(): Promise<void> };
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
    audit: access.audit,
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
async function build(platform: Platform): Promise<House> {
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
  const standing = bindFollowUp({ ...core, logger, customers, publisher: realtime.publisher });
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
    flowList: () => voice.flowList(),
    uses,
    scopes: () => http.scopes(),
    board,
    mail,
  });
  http.addRoutes([
    ...edges.routes,
    ...mailRoutes(mail, demo.simulator !== undefined, (companyId, queue) => uses.serves(companyId, queue)),
    ...demo.routes,
  ]);
  for (const commands of edges.commands) realtime.addCommands(commands);
  http.onUpgrade('/sip', (...upgrade) => voice.sip.handleUpgrade(...upgrade));
  wirePresence(realtime, core, access);
  platform.health.register({ name: 'realtime', check: () => realtime.health() });
  watchFigures(platform, core, company, board, mail);
  return {
    platform,
    settings,
    core,
    http,
    demo,
    voice,
    mail,
    uses,
    standing,
    async stopLive() {
      board.stop();
      erps.stop();
      await realtime.stop();
    },
  };
}

function watchFigures(
  { metrics, health, jobs, store }: Platform,
  core: Core,
  { directory }: CompanyRoom,
  board: LiveBoard,
  mail: EmailChannel,
): void {
  registerFigures({
    metrics,
    companies: () => directory.companies(),
    board: (companyId) => board.snapshot(companyId),
    engines: async () => (await health.report()).engines,
    onContact: (listener) => core.interactions.onChange(listener),
    jobs: () => jobs.counts(),
    mails: () => mail.store.figures(),
    oldestMailMs: () => mail.oldestWaitMs(),
    ...(store.bytes === undefined ? {} : { storeBytes: store.bytes }),
  });
}

/** A desk's socket is the operator's being there; ended sessions lose theirs. */
function wirePresence(realtime: Realtime, core: Core, access: Access): void {
  realtime.onConnection(({ companyId, userId, via }, connected) => {
    if (via === 'session')
      void (connected
        ? core.agents.deskOpened(companyId, userId)
        : core.agents.deskClosed(companyId, userId));
  });
  realtime.onAlive(({ companyId, userId, via }) => {
    if (via === 'session') core.agents.deskAlive(companyId, userId);
  });
  access.onSessionEnd((end) => {
    if (end.credentialId === undefined) realtime.endUser(end.userId);
    else realtime.endSession(end.credentialId);
  });
  access.users.onChange((user) => realtime.refreshUser(user._id));
}

/** A start that fails leaves no hold behind, which the next one would have to wait out. */
async function orFree<T>({ store }: Platform, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (store.kind === 'mongodb') await store.stop();
    throw error;
  }
}

async function renewCertificate(platform: Platform, http: HttpServer): Promise<void> {
  try {
    const tls = await readTls(platform.config);
    if (tls === undefined) return;
    http.renewTls(tls);
    platform.logger.info({}, 'the certificate was read again');
  } catch (error) {
    platform.logger.error({ err: error }, 'the renewed certificate does not serve; the old one stays');
  }
}

/** The whole product in one process (architecture.md). Rejects with AppError where the person can do something about it. */
export async function createApp(config: Config, onHoldLost: (error: AppError) => void): Promise<App> {
  const platform = await openPlatform(config, onHoldLost);
  const house = await orFree(platform, build(platform));
  const { settings, core, http, demo, voice, mail } = house;
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
    await house.standing.idle();
    demo.stop();
    await platform.stop();
  }

  async function start(): Promise<void> {
    await demo.start();
    await core.start(settings.access);
    warnOfMissingQueues(house.uses, settings.company.directory, platform.logger);
    await mail.start();
    await platform.jobs.start();
    const { missed } = await voice.voice.start();
    if (demo.inProduction()) platform.logger.warn({}, 'demonstration data and users serve a production');
    if (missed > 0)
      platform.logger.warn({ missed }, 'calls were lost with the last process; each has a task to call back');
    settings.access.start();
    setupToken = await settings.access.setup.firstStartToken();
    await http.start();
  }

  return {
    start: () => orFree(platform, start()),
    stop: () => (stopping ??= stop()),
    renewCertificate: () => renewCertificate(platform, http),
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
