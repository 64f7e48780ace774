import type { z } from 'zod';
import type { Problem } from '../../contracts/common.ts';
import { fault } from '../../contracts/field-words.ts';
import { AppError } from '../../shared/errors.ts';
import type { Words } from './words.ts';

export const PROBLEM_TYPE = 'application/problem+json';

interface FieldFault {
  readonly path: string;
  readonly message: string;
}

/** Fields of a request that did not parse: where and why, never what was sent (no reflection). */
export class RequestError extends AppError {
  readonly errors: readonly FieldFault[];

  constructor(
    errors: readonly FieldFault[],
    /** In the language of who asks. */
    detail: string,
    code: 'request.invalid' | 'request.unknownField' = 'request.invalid',
  ) {
    super(code, 400, detail);
    this.errors = errors;
  }
}

/** zod issues by path; `where` is params, query or body; `words` are those that the parsing used. */
export function requestError(where: string, error: z.ZodError, words: Words): RequestError {
  const named = (path: readonly PropertyKey[]): string =>
    [where, ...path.map((part) => plainKey(String(part)))].join('.');
  const errors = error.issues.flatMap((issue): FieldFault[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: named([...issue.path, key]),
          message: words.own(fault(where === 'query' ? 'unknownParameter' : 'unknownField')),
        }))
      : [{ path: named(issue.path), message: words.own(issue.message) }],
  );
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  return unknown.length === 0
    ? new RequestError(errors.slice(0, 20), words.invalid)
    : new RequestError(
        errors.slice(0, 20),
        words.unknown(where, unknown.slice(0, 5).map(plainKey)),
        'request.unknownField',
      );
}

/** A query says each thing once: which of two values is meant nobody knows. Throws request.invalid 400. */
export function assertNamedOnce(query: Readonly<Record<string, unknown>>, words: Words): void {
  const names = Object.keys(query)
    .filter((name) => Array.isArray(query[name]))
    .map(plainKey);
  if (names.length === 0) return;
  const message = words.own(fault('namedTwice'));
  const errors = names.slice(0, 20).map((name) => ({ path: `query.${name}`, message }));
  throw new RequestError(errors, words.twice(names.slice(0, 5)));
}

/** Keys of a record are the caller's text too: only plain names are repeated. */
function plainKey(key: string): string {
  return /^[\w-]{1,64}$/.test(key) ? key : '?';
}

interface HttpLikeError {
  readonly status: number;
  readonly type?: string;
}

function isHttpLike(error: unknown): error is HttpLikeError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

const CODES: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['request.invalid', 'The request is not valid.'],
  404: ['route.unknown', 'There is nothing here.'],
  413: ['request.tooLarge', 'The request body is too large.'],
  415: ['request.mediaType', 'This media type or encoding is not understood here.'],
};

/** RFC 9457 document of any failure. Unexpected ones say nothing of their cause: `expected` is false, log them. */
export function toProblem(error: unknown): { problem: Problem; expected: boolean } {
  if (error instanceof AppError) return { problem: fromAppError(error), expected: true };
  if (isHttpLike(error) && error.status >= 400 && error.status < 500) {
    const [code, detail] = CODES[error.status] ?? ['request.refused', 'The request was refused.'];
    return { problem: build(error.status, code, detail), expected: true };
  }
  return { problem: build(500, 'server.error', 'Something went wrong on our side.'), expected: false };
}

function fromAppError(error: AppError): Problem {
  const problem = { ...error.details, ...build(error.status, error.code, error.message) };
  return error instanceof RequestError ? { ...problem, errors: [...error.errors] } : problem;
}

function build(status: number, code: string, detail: string): Problem {
  return { type: `urn:ramal:problem:${code}`, title: titleOf(status), status, code, detail };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

function titleOf(status: number): string {
  return TITLES[status] ?? 'Error';
}
