import { createAgentStore } from '../src/agents/index.ts';
import { createInteractionStore } from '../src/interactions/index.ts';
import {
  createHealth,
  createHttpServer,
  type Principal,
  route,
  unaudited,
} from '../src/platform/http/index.ts';
import { silentLogger } from '../src/platform/log/index.ts';
import { createMetrics } from '../src/platform/metrics/index.ts';
import { createRealtime } from '../src/platform/realtime/index.ts';
import { openStore } from '../src/platform/store/index.ts';
import { createProtocolStore } from '../src/protocols/index.ts';
import { createQueueStore } from '../src/queue/index.ts';
import { systemClock } from '../src/shared/clock.ts';
import type { AgentId, CompanyId } from '../src/shared/ids.ts';
import { systemRandom } from '../src/shared/random.ts';
import { createCore } from '../tests/simulation/core-rig.ts';
import { auditLines } from '../tests/support/audit-lines.ts';
import { CUSTOMERS, inbound } from './webhook-message.ts';

/** The product's HTTP server, contact core, embedded store and live updates, as one process: `node … <dataDir>`. */
const COMPANY = 'c1' as CompanyId;
const ANA = 'ana' as AgentId;

const store = await openStore({ kind: 'embedded', dataDir: process.argv[2] ?? '' });
const operator: Principal = {
  userId: ANA,
  companyId: COMPANY,
  name: 'Ana',
  role: 'operator',
  queues: ['suporte'],
  via: 'session',
  scopes: [],
  credentialId: 's1',
};
const authenticator = { authenticate: () => Promise.resolve(operator) };
const [log, metrics, clock] = [silentLogger(), createMetrics({ defaults: false }), systemClock];
const http = createHttpServer({
  host: '127.0.0.1',
  port: 0,
  authenticator,
  audit: auditLines(),
  health: createHealth(clock),
  metrics,
  log,
});
const realtime = await createRealtime({ http, authenticator, audit: auditLines(), clock, log, metrics });
const core = createCore({
  stores: {
    interactions: createInteractionStore(store.connection, { inOrder: true }),
    agents: createAgentStore(store.connection, { inOrder: true }),
    protocols: createProtocolStore(store.connection),
    queues: createQueueStore(store.connection),
  },
  clock,
  random: systemRandom,
  logger: log,
  publisher: realtime.publisher,
  timeZone: () => 'America/Sao_Paulo',
  aloneOnStore: true,
});
await store.ensureIndexes();
await core.start();

const open = (idempotencyKey: string, from: string) =>
  core.interactions.open({
    companyId: COMPANY,
    channel: 'whatsapp',
    direction: 'inbound',
    contact: { address: from },
    idempotencyKey,
    identity: 'unknown',
    thread: from,
  });

/** Every customer has a conversation going in Ana's queue, or in her hands: what comes in belongs to it. */
async function converse(): Promise<void> {
  await core.queues.create(COMPANY, 'suporte', { name: 'Suporte' });
  await core.agents.ensure({ id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] });
  await core.agents.setPresence(COMPANY, ANA, 'available');
  for (const from of CUSTOMERS) {
    const { interaction } = await open(`first ${from}`, from);
    await core.interactions.apply(COMPANY, interaction.id, { type: 'enqueued', queue: 'suporte' });
    await core.idle();
    await core.router.accept(COMPANY, interaction.id, ANA).catch(() => 'waits in the queue');
  }
}
await converse();

http.addRoutes([
  route({
    method: 'post',
    path: '/webhooks/bench',
    tag: 'bench',
    summary: 'an inbound message',
    auth: 'public',
    body: inbound,
    responses: { 200: inbound.partial() },
    audit: unaudited('system'),
    handle: async ({ body }) => {
      const { interaction } = await open(body.id, body.from);
      await core.interactions.addMessage(
        COMPANY,
        interaction.id,
        {
          direction: 'inbound',
          author: { kind: 'customer' },
          from: body.from,
          to: ['+551140004000'],
          text: body.text,
        },
        { idempotencyKey: body.id },
      );
      return { status: 200, body: {} };
    },
  }),
]);
process.send?.({ url: (await http.start()).url });
