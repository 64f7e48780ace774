export type { Principal } from './principal.ts';
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
