import { describe, expect, it } from 'vitest';
import type { Clock } from '../shared/clock.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Principal } from '../platform/http/index.ts';
import { silentLogger } from '../platform/log/index.ts';
import { createAgents, type Agents } from './agents.ts';
import type { Agent } from './domain/agent.ts';
import { agentRoutes } from './http.ts';
import type { AgentStore } from './store.ts';

const COMPANY = 'exemplo' as CompanyId;
const ANA = 'ana' as AgentId;
const clock: Clock = {
  now: () => Date.parse('2026-11-23T12:00:00Z'),
  steady: () => 0,
  after: () => ({ cancel: () => undefined }),
};

function memoryStore(): AgentStore {
  const agents = new Map<string, Agent>();
  return {
    inOrder: true,
    load: (_company, id) => Promise.resolve(agents.get(id) ?? null),
    insert(agent) {
      if (agents.has(agent.id)) return Promise.resolve('duplicate');
      agents.set(agent.id, agent);
      return Promise.resolve('inserted');
    },
    replace(fromVersion, next) {
      const stands = agents.get(next.id)?.version === fromVersion;
      if (stands) agents.set(next.id, next);
      return Promise.resolve(stands);
    },
    all: () => Promise.resolve([...agents.values()]),
  };
}

const principal = (userId: string, role: Principal['role']): Principal => ({
  userId: userId as AgentId,
  companyId: COMPANY,
  name: userId,
  role,
  queues: ['suporte'],
  via: 'session',
  scopes: [],
  credentialId: 's1',
});

async function call(agents: Agents, method: string, path: string, who: Principal, body?: unknown) {
  const found = agentRoutes({ agents, dayStart: () => new Date(0) }).find(
    (one) => one.method === method && one.path === path,
  );
  if (found === undefined) throw new Error(`no route ${method} ${path}`);
  const handle = found.handle as (input: unknown) => unknown;
  return (await handle({ principal: who, params: { id: ANA }, query: {}, body, request: undefined })) as {
    status: number;
    body: unknown;
  };
}

describe("a supervisor's hand on presence", () => {
  const path = '/api/v1/agents/{id}/presence';
  const world = async (): Promise<Agents> => {
    const agents = createAgents({ store: memoryStore(), clock, logger: silentLogger() });
    await agents.ensure({ id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] });
    await agents.ensure({ id: 'sup' as AgentId, companyId: COMPANY, name: 'Sofia', queues: [] });
    await agents.setPresence(COMPANY, ANA, 'available');
    return agents;
  };

  it('keeps the reason of a logout, shows it, and tells who it was', async () => {
    const agents = await world();
    const body = { state: 'offline', reason: 'fim do turno combinado' };
    const forced = await call(agents, 'put', path, principal('sup', 'supervisor'), body);
    expect(forced.body).toMatchObject({ state: 'offline', reason: 'fim do turno combinado' });
    const history = await call(agents, 'get', path, principal('ana', 'operator'));
    expect(history.body).toMatchObject({
      items: [
        { state: 'offline', reason: 'fim do turno combinado', by: { id: 'sup', name: 'Sofia' } },
        { state: 'available' },
        { state: 'offline' },
      ],
      nextCursor: null,
    });
  });

  it('pauses nobody who is offline: there is no work to pause, and a pause would be counted', async () => {
    const agents = await world();
    await agents.setPresence(COMPANY, ANA, 'offline');
    const body = { state: 'paused', reason: 'reunião' };
    await expect(call(agents, 'put', path, principal('sup', 'supervisor'), body)).rejects.toMatchObject({
      code: 'presence.offline',
      status: 409,
    });
    expect(agents.get(COMPANY, ANA)?.presence).toMatchObject({ state: 'offline', reason: null });
    await call(agents, 'put', '/api/v1/me/presence', principal('ana', 'operator'), { state: 'paused' });
    expect(agents.get(COMPANY, ANA)?.presence).toMatchObject({ state: 'paused' });
  });

  it('names a pause without a reason by itself', async () => {
    const agents = await world();
    const forced = await call(agents, 'put', path, principal('sup', 'supervisor'), { state: 'paused' });
    expect(forced.body).toMatchObject({ state: 'paused', reason: 'forced' });
  });

  it('the own word leaves no reason behind', async () => {
    const agents = await world();
    await agents.setPresence(COMPANY, ANA, 'offline', 'fim do turno', 'sup');
    const own = await call(agents, 'put', '/api/v1/me/presence', principal('ana', 'operator'), {
      state: 'available',
    });
    expect(own.body).not.toHaveProperty('reason');
  });

  it("is not for a colleague's eyes", async () => {
    const agents = await world();
    await expect(call(agents, 'get', path, principal('bruno', 'operator'))).rejects.toMatchObject({
      code: 'auth.forbidden',
      status: 403,
    });
  });
});
