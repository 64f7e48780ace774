export { bindAgentEffects } from './agent-effects.ts';
export { bindPublisher } from './publish.ts';
export type { ContextNow, DayFigures, Neighbours, Word } from './ports.ts';
export { createQueues, type Queues, type QueueSettings } from './queues.ts';
export { createQueueStore, type QueueStore } from './store.ts';
export { createRouter, type Router, type RouterDeps } from './router.ts';
export { levelMsOf, QUEUE_DEFAULTS, type FormulaName, type QueueConfig } from './domain/config.ts';
export type { Strategy } from './domain/types.ts';
export { queueRoutes, type QueueRoutesDeps, type QueueUse } from './http.ts';
