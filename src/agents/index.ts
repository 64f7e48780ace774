export { createAgents, type AgentProfile, type Agents, type AgentsDeps } from './agents.ts';
export type { HoldError, Proposal, Proposer } from './roster.ts';
export {
  canRing,
  DEFAULT_WEIGHTS,
  isAwaited,
  mayHold,
  onVoice,
  TEXT_CAPACITY,
  textLoad,
  textRings,
  unheard,
  type Agent,
  type HoldRefusal,
  type HoldRequest,
  type Weights,
  type Work,
} from './domain/agent.ts';
export { type BreakUse } from './domain/breaks.ts';
export { createAgentStore, type AgentStore } from './store.ts';
export { agentRoutes, type AgentRoutesDeps } from './http.ts';
export { agentSocket } from './socket.ts';
