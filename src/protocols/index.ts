export {
  createProtocols,
  type JoinOrOpen,
  type OpenProtocol,
  type Protocols,
  type ProtocolsDeps,
} from './protocols.ts';
export { type ProtocolKind } from './domain/number.ts';
export type { AnswerTerms, Protocol, ProtocolPatch, ProtocolStatus } from './domain/protocol.ts';
export { createProtocolStore, type ProtocolFilter, type ProtocolStore } from './store.ts';
export { protocolRoutes, type ProtocolRoutesDeps } from './http.ts';
