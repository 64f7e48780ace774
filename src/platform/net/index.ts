export {
  type Connection,
  type ConnectionLimits,
  createConnectionLimits,
  type Leaving,
} from './connection-limits.ts';
export { networkOf } from './network.ts';
export { PromptWebSocketServer } from './websockets.ts';
