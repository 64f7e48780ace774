import type { Agent } from '../../src/agents/index.ts';
import type { AgentId, CompanyId } from '../../src/shared/ids.ts';

/** Ana of support, available since `at` with her phone at hand and nothing to do; `more` says what is otherwise. */
export const availableAgent = (at: Date, more: Partial<Agent> = {}): Agent => ({
  id: 'ana' as AgentId,
  companyId: 'c' as CompanyId,
  version: 1,
  name: 'Ana',
  active: true,
  queues: ['suporte'],
  skills: {},
  sipUser: 'ana',
  softphone: { up: true, autoAnswer: true },
  presence: { state: 'available', reason: null, at },
  desk: true,
  lostAt: null,
  callReturnedAt: null,
  work: [],
  idleSince: at,
  turn: 0,
  presenceLog: [],
  ...more,
});
