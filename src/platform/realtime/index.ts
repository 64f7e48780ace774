export type { SocketCommands } from './commands.ts';
export type { HubLimits } from './hub.ts';
export type { Publisher } from './publisher.ts';
export {
  type ConnectionHandler,
  type Copies,
  createRealtime,
  type Realtime,
  type RealtimeDeps,
} from './realtime.ts';
