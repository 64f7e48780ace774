import type { Request, Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../log/index.ts';
import { type Asked, type AuditWriter, tellAnswer, tellRefusal } from './audit.ts';
import { DEFAULT_BODY_BYTES, readBody } from './body.ts';
import type { Principal } from './principal.ts';
import { assertNamedOnce, requestError } from './problems.ts';
import type { RequestInfo, Route, RouteAnswer } from './route.ts';
import { CACHE_BUSTER, isApi } from './strict.ts';
import { type Words, wordsFor } from './words.ts';

/** Who a Bearer token belongs to; undefined when it is unknown, expired or revoked. Implemented by access. */
export interface Authenticator {
  authenticate(token: string): Promise<Principal | undefined>;
}

export interface RunDeps {
  readonly authenticator: Authenticator;
  readonly audit: AuditWriter;
  readonly log: Logger;
}

interface Call {
  readonly id: string;
  readonly request: Request;
  readonly response: Response;
}

/** One call of a route: who asks, what for, the room's answer, and the line of the audit log before the answer goes out. */
export async function run(
  route: Route,
  id: string,
  request: Request,
  response: Response,
  deps: RunDeps,
): Promise<RouteAnswer> {
  const call = { id, request, response };
  if (route.auth !== 'public')
    return runAudited(route, await identify(request, deps.authenticator), call, deps);
  return handle(route, undefined, await ask(route, request), call);
}

async function runAudited(
  route: Route,
  principal: Principal,
  call: Call,
  { audit, log }: RunDeps,
): Promise<RouteAnswer> {
  const onLost = (error: unknown): void =>
    log.error({ err: error, route: route.path, requestId: call.id }, 'a line of the audit log was lost');
  let heard: Heard | undefined;
  let answered: RouteAnswer;
  try {
    assertMay(route, principal);
    heard = await ask(route, call.request);
    answered = await handle(route, principal, heard, call);
  } catch (error) {
    const where = `${route.method.toUpperCase()} ${route.path}`;
    await tellRefusal(audit, { audit: route.audit, where }, principal, heard, error, onLost);
    throw error;
  }
  await tellAnswer(audit, route, principal, heard, answered, onLost);
  return answered;
}

/** `principal` is undefined exactly for public routes, which are typed so. */
function handle(
  route: Route,
  principal: Principal | undefined,
  { params, query, body, raw }: Heard,
  { id, request, response }: Call,
): Promise<RouteAnswer> {
  return route.handle({ params, query, body, principal, request: requestInfo(id, request, response, raw) });
}

interface Heard extends Asked {
  /** The body as it was sent. */
  readonly raw: Buffer;
}

async function ask(route: Route, request: Request): Promise<Heard> {
  const words = wordsFor(request);
  const params = parse(route.params, 'params', { ...request.params }, words);
  const { [CACHE_BUSTER]: _fresh, ...asked } = request.query;
  if (isApi(route.path)) assertNamedOnce(asked, words);
  const query = parse(route.query, 'query', asked, words);
  const { bodyKind = 'json', maxBodyBytes = DEFAULT_BODY_BYTES } = route;
  const read = await readBody(request, bodyKind, maxBodyBytes, words);
  return { params, query, body: parse(bodyOf(route), 'body', read.value, words), raw: read.raw };
}

/** No cache and no library sends a body by itself, but for an empty one. */
const nothing = z
  .strictObject({})
  .nullish()
  .transform(() => undefined);

/** What is sent to a route of the API that takes no body is refused by name as well: who sent it believes that it counts. */
const bodyOf = ({ path, body, bodyKind = 'json' }: Route): z.ZodType | undefined =>
  body ?? (isApi(path) && bodyKind === 'json' ? nothing : undefined);

function parse(schema: z.ZodType | undefined, where: string, value: unknown, words: Words): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value, { error: words.of });
  if (!result.success) throw requestError(where, result.error, words);
  return result.data;
}

async function identify(request: Request, by: Authenticator): Promise<Principal> {
  const token = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('auth.required', 401, 'This route needs a Bearer token.');
  const principal = await by.authenticate(token);
  if (principal === undefined)
    throw new AppError('auth.invalid', 401, 'The token is unknown or has expired.');
  return { ...principal, address: request.ip ?? '' };
}

function assertMay(route: Route, principal: Principal): void {
  if (route.roles !== undefined && !route.roles.includes(principal.role))
    throw new AppError('auth.forbidden', 403, 'Your role may not do this.');
  assertScope(principal, route.scope);
}

/** What names no scope is closed to keys. */
export function assertScope({ via, scopes }: Principal, scope: string | undefined): void {
  if (via !== 'apiKey' || (scope !== undefined && scopes.includes(scope))) return;
  const wanted = scope === undefined ? {} : { scope };
  throw new AppError('auth.scope', 403, 'This API key has no scope for this.', wanted);
}

function requestInfo(id: string, request: Request, response: Response, rawBody: Buffer): RequestInfo {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return {
    id,
    ip: request.ip ?? '',
    method: request.method,
    url: request.originalUrl,
    headers,
    origin: `${request.protocol}://${request.host}`,
    rawBody,
    stream: request,
    signal: gone.signal,
  };
}
