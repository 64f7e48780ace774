export {
  createHealth,
  type Health,
  type HealthCheck,
  type HealthReport,
  type HealthResult,
} from './health.ts';
export {
  type AuditLine,
  type AuditRule,
  type AuditWriter,
  does,
  reads,
  tellAnswer,
  tellRefusal,
  toldByRoom,
  unaudited,
} from './audit.ts';
export { assertScope, type Authenticator } from './run.ts';
export type { Principal } from './principal.ts';
export { fileSource, fileToSave } from './range.ts';
export {
  route,
  type BodyKind,
  type Method,
  type RangeSource,
  type RequestContext,
  type RequestInfo,
  type Route,
  type RouteAnswer,
  type RouteAuth,
} from './route.ts';
export { strict } from './strict.ts';
export {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
  type UpgradeClient,
  type UpgradeHandler,
} from './server.ts';
