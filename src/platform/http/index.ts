export {
  createHealth,
  type Health,
  type HealthCheck,
  type HealthReport,
  type HealthResult,
} from './health.ts';
export type { Authenticator } from './mount.ts';
export type { Principal } from './principal.ts';
export { fileSource } from './range.ts';
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
export { createHttpServer, type HttpServer, type HttpServerOptions, type UpgradeHandler } from './server.ts';
