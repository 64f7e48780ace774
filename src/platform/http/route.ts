import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Role } from '../../contracts/common.ts';
import type { AuditFacts, AuditRule } from './audit.ts';
import type { Principal } from './principal.ts';
import { isApi, strict } from './strict.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * session: Bearer token of a login, or an API key whose scopes hold the route's `scope` (a route without
 * `scope` is closed to keys). public: anybody; `principal` is undefined.
 */
export type RouteAuth = 'session' | 'public';

/** How the body is read: json and form are parsed by `body`; raw is kept as bytes; stream is left unread. */
export type BodyKind = 'json' | 'form' | 'raw' | 'stream';

export interface RequestInfo {
  /** Random id of this request, also in the X-Request-Id header of the answer. */
  readonly id: string;
  /** Client address; behind TRUST_PROXY the one that the proxy saw. */
  readonly ip: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** Lower-case name → value. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Scheme, host and port that the client used. */
  readonly origin: string;
  /** Bytes of the body as sent (json, form and raw); empty for stream. */
  readonly rawBody: Buffer;
  /** The unread body when the route's bodyKind is stream. */
  readonly stream: IncomingMessage;
  /** Aborts when the client goes away before the answer ended. */
  readonly signal: AbortSignal;
}

export interface RequestContext<P, Q, B, A extends RouteAuth> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal: A extends 'public' ? undefined : Principal;
  readonly request: RequestInfo;
}

/** Bytes that can be read from any offset: answered with range support (RFC 9110 §14). */
export interface RangeSource {
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Offered as this file name (Content-Disposition: attachment). */
  readonly filename?: string;
  /** Both ends inclusive. */
  open(start: number, end: number): Readable;
}

/** One of: `body` (JSON; a string or Buffer goes as it is with the given content-type), `stream`, `source`, or nothing. */
export interface RouteAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly stream?: Readable;
  readonly source?: RangeSource;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the line in the audit log; not sent. */
  readonly audit?: AuditFacts;
}

export interface RouteSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends RouteAuth,
> {
  readonly method: Method;
  /** Parameters in braces: `/api/v1/queues/{key}/live`. */
  readonly path: string;
  /** Groups routes on the documentation page. */
  readonly tag: string;
  readonly summary: string;
  readonly auth: A;
  /** Roles that may call it; omitted: any. */
  readonly roles?: readonly Role[];
  /** Scope that an API key needs, e.g. `queues:read`. */
  readonly scope?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Default json. */
  readonly bodyKind?: BodyKind;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Documented answers by status. `z.void()`-like absence: use `null` for an empty body. */
  readonly responses: Readonly<Record<number, z.ZodType | null>>;
  /** What the audit log is told of a call. */
  readonly audit: AuditRule;
  /** Kept out of the OpenAPI document (simulator pages, webhooks of suppliers). */
  readonly hidden?: boolean;
  handle(
    context: RequestContext<z.output<P>, z.output<Q>, z.output<B>, A>,
  ): Promise<RouteAnswer> | RouteAnswer;
}

/** A route with its types forgotten: what the server mounts. */
export interface Route extends Omit<RouteSpec<z.ZodType, z.ZodType, z.ZodType, RouteAuth>, 'handle'> {
  handle(context: RequestContext<unknown, unknown, unknown, 'session' | 'public'>): Promise<RouteAnswer>;
}

/**
 * Declares one route: the schemas parse the request, type the handler and document it (OpenAPI).
 * Throw AppError for expected failures; it becomes a problem document with its code (RFC 9457).
 */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  A extends RouteAuth = 'session',
>(spec: RouteSpec<P, Q, B, A>): Route {
  return {
    ...spec,
    ...strictly(spec),
    // The server parses with these very schemas and authenticates by `auth` before it calls: the cast states that.
    handle: async (context) =>
      spec.handle(context as RequestContext<z.output<P>, z.output<Q>, z.output<B>, A>),
  };
}

/**
 * What a client of the API asks with is known by name, or refused (request.unknownField). What suppliers call may get more of them
 * some day: there, as in forms, more than we know is left out.
 */
function strictly({
  path,
  query,
  body,
  bodyKind = 'json',
}: Pick<Route, 'path' | 'query' | 'body' | 'bodyKind'>): Pick<Route, 'query' | 'body'> {
  if (!isApi(path)) return {};
  return {
    query: strict(query ?? z.object({})) as z.ZodType,
    ...(body === undefined || bodyKind !== 'json' ? {} : { body: strict(body) as z.ZodType }),
  };
}
