import { z } from 'zod';
import type { Access } from '../access/index.ts';
import { type CompanyRoom, DEMO_COMPANY, DEMO_DID, seedDemo } from '../company/index.ts';
import type { Customers } from '../customers/index.ts';
import { sampleSubscribers, toSubscriber } from '../erp/index.ts';
import { problem } from '../contracts/common.ts';
import { unaudited, type Route, route } from '../platform/http/index.ts';
import { AppError } from '../shared/errors.ts';
import { isLoopback } from '../shared/loopback.ts';
import { createSimulatorPhones, type SoftphoneAuth } from '../voice/index.ts';
import type { Core } from './core.ts';
import type { Erps } from './erp.ts';
import type { EmailChannel } from '../channels/email/index.ts';
import { ensureMailbox } from './mail.ts';
import { noticesRoute } from './notices.ts';
import type { Platform } from './platform.ts';
import { startSampleErp } from './sample-erp.ts';
import { SIP_REALM } from './engines.ts';

interface Deps {
  readonly platform: Platform;
  readonly settings: { readonly access: Access; readonly company: CompanyRoom };
  readonly core: Core;
  readonly customers: Customers;
  readonly erps: Erps;
  readonly mail: EmailChannel;
}

export interface Demo {
  /** Customers' phones on the simulator page; only while everything stays on this machine. */
  readonly simulator: { readonly auth: SoftphoneAuth; readonly routes: readonly Route[] } | undefined;
  readonly routes: readonly Route[];
  /** Seeds an empty DATA_DIR, starts the sample ERP when there is a demo company. */
  start(): Promise<void>;
  password(): string | undefined;
  /** Data of the demonstration, with its known users, serve a production. */
  inProduction(): boolean;
  stop(): void;
}

/** The demo company of contract.md, its ERP and its customers' phones. */
export function createDemo(deps: Deps): Demo {
  const { platform, settings, core } = deps;
  const { config } = platform;
  const wanted = config.seed.mode !== 'none';
  const local = wanted && !config.production && isLoopback(config.http.host);
  const simulator = local
    ? createSimulatorPhones({
        clock: platform.clock,
        random: platform.random,
        realm: SIP_REALM,
        sipHost: config.sip.advertiseAddress,
        wsUrl: `${config.publicUrl.replace(/^http/, 'ws')}/sip`,
        did: DEMO_DID,
      })
    : undefined;
  const inProduction = (): boolean =>
    config.production && settings.company.directory.companies().some(({ key }) => key === DEMO_COMPANY);
  let password: string | undefined;
  let erp: Awaited<ReturnType<typeof startSampleErp>> | undefined;

  async function seed(): Promise<void> {
    const seeded = await seedDemo({
      ...settings,
      dataDir: platform.dataDir,
      password: config.seed.password,
      sipHost: config.sip.host,
      createQueue: async (companyId, { key, name }) => {
        if (core.queues.get(companyId, key) === undefined) await core.queues.create(companyId, key, { name });
      },
      createMailbox: (companyId, mailbox) => ensureMailbox(deps.mail, companyId, mailbox),
      also: async (companyId) => {
        for (const raw of sampleSubscribers()) {
          await deps.customers.upsert(
            companyId,
            'sample',
            toSubscriber({
              ...raw,
              telefones: [...raw.telefones],
              emails: [...raw.emails],
              chaves: [...raw.chaves],
            }),
          );
        }
      },
    });
    password = seeded.password;
  }

  async function startErp(): Promise<void> {
    const company = settings.company.directory.companies().find(({ key }) => key === DEMO_COMPANY);
    if (company === undefined) return;
    deps.erps.useSample(company._id, config.sampleErpPort);
    erp = await startSampleErp(config.sampleErpPort);
    if (!erp.ok)
      platform.logger.warn(
        { port: config.sampleErpPort },
        'the sample ERP could not start; is its port in use?',
      );
  }

  return {
    simulator,
    routes: [
      noticesRoute({ demoInProduction: inProduction }),
      ...(simulator === undefined ? noSimulator() : [simulatorThere(), ...simulator.routes]),
    ],
    async start() {
      await core.queues.start();
      if (wanted) await seed();
      await startErp();
    },
    password: () => password,
    inProduction,
    stop: () => erp?.stop(),
  };
}

/** How the desk learns that it may point to the simulator. */
const simulatorThere = (): Route =>
  route({
    method: 'get',
    path: '/api/v1/simulator',
    tag: 'simulator',
    summary: 'There is a customer simulator (demo only), and the number that it dials',
    auth: 'public',
    hidden: true,
    responses: { 200: z.object({ did: z.string() }) },
    audit: unaudited('system'),
    handle: () => Promise.resolve({ status: 200, body: { did: DEMO_DID } }),
  });

/** Where anybody could play any caller, the page is not even served. */
const noSimulator = (): Route[] =>
  ['/simulador', '/simulador/{rest}'].map((path) =>
    route({
      method: 'get',
      path,
      tag: 'simulator',
      summary: 'No simulator outside of the demo',
      auth: 'public',
      hidden: true,
      responses: { 404: problem },
      audit: unaudited('system'),
      handle: () => Promise.reject(new AppError('route.unknown', 404, 'There is nothing here.')),
    }),
  );
