import type { AgentId, CompanyId } from '../shared/ids.ts';
import { AppError } from '../shared/errors.ts';
import { createSerial } from '../shared/serial.ts';
import type { Agent, HoldRefusal } from './domain/agent.ts';
import type { AgentStore } from './store.ts';

export type HoldError = HoldRefusal | 'agent.notFound' | 'agent.conflict';
export type Changed =
  | { readonly ok: true; readonly agent: Agent }
  | { readonly ok: false; readonly error: HoldError };

/** The operators as this process knows them; every change goes to the store first, by compare-and-set. */
export interface Roster {
  byId(id: string): Agent | undefined;
  bySipUser(username: string): Agent | undefined;
  all(): readonly Agent[];
  /** What is stored now; listeners hear of it. */
  remember(agent: Agent): void;
  change(companyId: CompanyId, id: AgentId, decide: (agent: Agent) => Agent | HoldRefusal): Promise<Changed>;
  /** The same for changes that are never refused. Errors: agent.notFound 404, agent.conflict 409. */
  must(companyId: CompanyId, id: AgentId, decide: (agent: Agent) => Agent): Promise<Agent>;
  onChange(listener: (agent: Agent, before: Agent | undefined) => void): void;
  idle(): Promise<void>;
}

const MAX_CONFLICTS = 50;

export function createRoster(store: AgentStore): Roster {
  const cache = new Map<string, Agent>();
  const bySip = new Map<string, AgentId>();
  const listeners: Parameters<Roster['onChange']>[0][] = [];
  const serial = createSerial();

  const remember = (agent: Agent): void => {
    const before = cache.get(agent.id);
    cache.set(agent.id, agent);
    if (before?.sipUser != null && before.sipUser !== agent.sipUser) bySip.delete(before.sipUser);
    if (agent.sipUser !== null) bySip.set(agent.sipUser, agent.id);
    for (const listener of listeners) listener(agent, before);
  };

  const change = (
    companyId: CompanyId,
    id: AgentId,
    decide: (agent: Agent) => Agent | HoldRefusal,
  ): Promise<Changed> =>
    serial.run(id, async () => {
      for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
        const agent = await store.load(companyId, id);
        if (agent === null) return { ok: false, error: 'agent.notFound' };
        const next = decide(agent);
        if (typeof next === 'string') {
          if (cache.get(id)?.version !== agent.version) remember(agent);
          return { ok: false, error: next };
        }
        if (next === agent || (await store.replace(agent.version, next))) {
          if (next !== agent || cache.get(id)?.version !== agent.version) remember(next);
          return { ok: true, agent: next };
        }
      }
      return { ok: false, error: 'agent.conflict' };
    });

  const must = async (companyId: CompanyId, id: AgentId, decide: (agent: Agent) => Agent): Promise<Agent> => {
    const result = await change(companyId, id, decide);
    if (result.ok) return result.agent;
    if (result.error === 'agent.notFound')
      throw new AppError('agent.notFound', 404, 'There is no such operator.');
    throw new AppError(result.error, 409, 'The operator changed too often at once; try again.');
  };

  return {
    byId: (id) => cache.get(id),
    bySipUser: (username) => cache.get(bySip.get(username) ?? username),
    all: () => [...cache.values()],
    remember,
    change,
    must,
    onChange: (listener) => void listeners.push(listener),
    idle: () => serial.idle(),
  };
}
