import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../log/index.ts';
import { PROBLEM_TYPE, toProblem } from './problems.ts';
import { sendRange } from './range.ts';
import type { Route, RouteAnswer } from './route.ts';
import { run, type RunDeps } from './run.ts';

export interface MountDeps extends RunDeps {
  /** Called once per answered request; `route` is the pattern, never the path with its values. */
  readonly onAnswer: (method: string, route: string, status: number, seconds: number) => void;
  /** Tests: an answer that does not fit its documented schema becomes a 500. */
  readonly checkAnswers?: boolean;
}

/** Literal segments before parameters, so that `/customers/imports` is not taken for `/customers/{id}`. */
function bySpecificity(a: Route, b: Route): number {
  const key = (path: string): string => path.replace(/\{\w+\}/g, '\uffff');
  return key(a.path) < key(b.path) ? -1 : key(a.path) > key(b.path) ? 1 : 0;
}

/** An Express router with every route; unknown methods of a known path answer 405 with Allow. */
export function mountRoutes(routes: readonly Route[], deps: MountDeps): Router {
  const router = express.Router({ caseSensitive: true });
  const byPath = groupByPath([...routes].sort(bySpecificity));
  for (const [path, group] of byPath) {
    const pattern = path.replace(/\{(\w+)\}/g, ':$1');
    assertNoTwins(path, group);
    const allow = [
      ...new Set(group.flatMap((r) => (r.method === 'get' ? ['GET', 'HEAD'] : [r.method.toUpperCase()]))),
    ];
    router.all(pattern, async (request, response) => {
      const wanted = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
      const route = group.find((candidate) => candidate.method === wanted);
      await answer(route, path, allow, request, response, deps);
    });
  }
  return router;
}

function groupByPath(routes: readonly Route[]): Map<string, Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const group = groups.get(route.path);
    if (group === undefined) groups.set(route.path, [route]);
    else group.push(route);
  }
  return groups;
}

function assertNoTwins(path: string, group: readonly Route[]): void {
  if (new Set(group.map((route) => route.method)).size !== group.length)
    throw new Error(`two routes with one method on ${path}`);
}

async function answer(
  route: Route | undefined,
  path: string,
  allow: readonly string[],
  request: Request,
  response: Response,
  deps: MountDeps,
): Promise<void> {
  const startedAt = process.hrtime.bigint();
  const id = requestId(response);
  response.once('close', () =>
    deps.onAnswer(
      request.method,
      path,
      response.statusCode,
      Number(process.hrtime.bigint() - startedAt) / 1e9,
    ),
  );
  try {
    if (route === undefined) {
      response.setHeader('Allow', allow.join(', '));
      throw new AppError('method.notAllowed', 405, 'This route does not know this method.');
    }
    const result = await run(route, id, request, response, deps);
    if (deps.checkAnswers === true) checkAnswer(route, result);
    await send(request, response, result);
  } catch (error) {
    sendProblem(response, error, deps.log, path);
  }
}

/** The id was set by the first middleware; here it is only read back. */
function requestId(response: Response): string {
  const header = response.getHeader('X-Request-Id');
  return typeof header === 'string' ? header : randomUUID();
}

async function send(request: Request, response: Response, result: RouteAnswer): Promise<void> {
  response.status(result.status);
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, value);
  if (result.source !== undefined) return sendRange(request, response, result.source);
  if (result.stream !== undefined) {
    if (request.method === 'HEAD') {
      result.stream.destroy();
      response.end();
      return;
    }
    await pipeline(result.stream, response);
    return;
  }
  if (result.body === undefined || result.body === null) {
    response.end();
    return;
  }
  if (!response.hasHeader('Content-Type')) {
    // Answers carry personal data: no shared or disk cache keeps them.
    if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
    response.json(result.body);
    return;
  }
  response.send(
    typeof result.body === 'string' || Buffer.isBuffer(result.body)
      ? result.body
      : JSON.stringify(result.body),
  );
}

function checkAnswer(route: Route, result: RouteAnswer): void {
  const schema = route.responses[result.status];
  if (schema === undefined) throw new Error(`${route.path} answered an undocumented status ${result.status}`);
  if (schema === null || result.stream !== undefined || result.source !== undefined) return;
  const parsed = schema.safeParse(JSON.parse(JSON.stringify(result.body ?? null)));
  if (!parsed.success)
    throw new Error(`${route.path} answered what it does not document: ${parsed.error.message}`);
}

/** Writes the problem document, or cuts the connection when the answer had begun. Unexpected errors are logged. */
export function sendProblem(response: Response, error: unknown, log: Logger, routePattern: string): void {
  const { problem, expected } = toProblem(error);
  if (response.headersSent) {
    if (!clientGone(error)) log.warn({ err: error, route: routePattern }, 'answer broke off');
    response.destroy();
    return;
  }
  if (!expected)
    log.error({ err: error, route: routePattern, requestId: requestId(response) }, 'request failed');
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  const retryAfterMs: unknown = error instanceof AppError ? error.details['retryAfterMs'] : undefined;
  if (typeof retryAfterMs === 'number')
    response.setHeader('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  // An unread body is not waited for: the connection ends after the answer.
  if (problem.status === 413) response.setHeader('Connection', 'close');
  response.setHeader('Cache-Control', 'no-store');
  response.status(problem.status).setHeader('Content-Type', PROBLEM_TYPE);
  response.end(JSON.stringify(problem));
}

function clientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
