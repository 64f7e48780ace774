import { z } from 'zod';
import { problem } from '../../../src/contracts/common.ts';

/** What the server refused, or what stood between it and us (`code` network, status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly { path: string; message: string }[];
  readonly retryAfterMs: number | null;
  /** Names that the refusal is about: queues, numbers, mailboxes. */
  readonly names: readonly string[];
  /** Fields of the request that the refusal is about; its code says why. */
  readonly at: readonly string[];
  constructor(
    status: number,
    code: string,
    message: string,
    fields: readonly { path: string; message: string }[] = [],
    retryAfterMs: number | null = null,
    names: readonly string[] = [],
    at: readonly string[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.retryAfterMs = retryAfterMs;
    this.names = names;
    this.at = at;
  }
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, 'unexpected', String(error));
}

export interface Api {
  get: <T>(path: string, schema: z.ZodType<T>) => Promise<T>;
  send: <T>(
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
  ) => Promise<T>;
  /** For commands whose answer nobody reads. */
  post: (path: string, body?: unknown, idempotencyKey?: string) => Promise<void>;
  put: (path: string, body: unknown) => Promise<void>;
  blob: (path: string) => Promise<Blob>;
  upload: <T>(path: string, file: File, schema: z.ZodType<T>) => Promise<T>;
}

export interface ApiDeps {
  fetch: typeof fetch;
  token: () => string | null;
  /** What a field is refused for is told in the person's language. */
  language: () => string;
  /** 401 on any call but the login itself: the session has ended. */
  onUnauthorized: () => void;
}

const anything = z.unknown();

const SESSION_OVER: ReadonlySet<string> = new Set(['auth.required', 'auth.invalid']);

export function createApi(deps: ApiDeps): Api {
  const call = async (
    method: string,
    path: string,
    init: { body?: BodyInit; type?: string; key?: string },
  ): Promise<Response> => {
    const headers = new Headers({
      accept: 'application/json, application/problem+json',
      'accept-language': deps.language(),
    });
    const token = deps.token();
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    if (init.type !== undefined) headers.set('content-type', init.type);
    if (init.key !== undefined) headers.set('idempotency-key', init.key);
    let response: Response;
    try {
      response = await deps.fetch(path, {
        method,
        headers,
        ...(init.body === undefined ? {} : { body: init.body }),
      });
    } catch {
      throw new ApiError(0, 'network', 'network');
    }
    if (response.ok) return response;
    const error = await toError(response);
    // Only these say that the session is over; whatever else is refused leaves the operator, and the call, alone.
    if (token !== null && SESSION_OVER.has(error.code)) deps.onUnauthorized();
    throw error;
  };
  const json = (method: string, path: string, body: unknown, key?: string): Promise<Response> =>
    call(
      method,
      path,
      body === undefined
        ? {}
        : { body: JSON.stringify(body), type: 'application/json', ...(key === undefined ? {} : { key }) },
    );
  return {
    get: async (path, schema) => parse(await call('GET', path, {}), schema),
    send: async (method, path, body, schema) => parse(await json(method, path, body), schema),
    post: async (path, body = {}, idempotencyKey) => {
      await parse(await json('POST', path, body, idempotencyKey), anything);
    },
    put: async (path, body) => {
      await parse(await json('PUT', path, body), anything);
    },
    blob: async (path) => (await call('GET', path, {})).blob(),
    upload: async (path, file, schema) =>
      parse(await call('POST', path, { body: file, type: file.type || 'application/octet-stream' }), schema),
  };
}

async function parse<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const text = await response.text();
  let value: unknown;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new ApiError(response.status, 'badAnswer', 'badAnswer');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiError(response.status, 'badAnswer', z.prettifyError(parsed.error));
  return parsed.data;
}

async function toError(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after') ?? '');
  const retryAfterMs = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter * 1000 : null;
  const value: unknown = await response.json().catch(() => undefined);
  const parsed = problem.safeParse(value);
  if (!parsed.success) return new ApiError(response.status, `http.${response.status}`, response.statusText);
  const { code, title, detail, errors } = parsed.data;
  return new ApiError(
    response.status,
    code,
    detail ?? title,
    errors ?? [],
    retryAfterMs,
    namesIn(value),
    placesIn(value),
  );
}

const named = z.object({
  queues: z.array(z.string()).default([]),
  uses: z.array(z.object({ name: z.string() })).default([]),
});

function namesIn(body: unknown): string[] {
  const parsed = named.safeParse(body);
  return parsed.success ? [...parsed.data.queues, ...parsed.data.uses.map(({ name }) => name)] : [];
}

const placed = z.object({ fields: z.array(z.string()) });

function placesIn(body: unknown): string[] {
  const parsed = placed.safeParse(body);
  return parsed.success ? parsed.data.fields : [];
}

/** A list of which unreadable items are left out: one odd record must not blank the desk. */
export const listOf = <T>(item: z.ZodType<T>) =>
  z
    .object({ items: z.array(z.unknown()), nextCursor: z.string().nullish() })
    .transform(({ items, nextCursor }) => ({
      items: items.flatMap((one) => {
        const parsed = item.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      }),
      nextCursor: nextCursor ?? null,
    }));

/** Query string of the members that have a value. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
