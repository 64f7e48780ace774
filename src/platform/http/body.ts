import type { IncomingMessage } from 'node:http';
import { fault } from '../../contracts/field-words.ts';
import { AppError } from '../../shared/errors.ts';
import { RequestError } from './problems.ts';
import type { BodyKind } from './route.ts';
import type { Words } from './words.ts';

export const DEFAULT_BODY_BYTES = 1024 * 1024;

export interface ReadBody {
  readonly raw: Buffer;
  /** What the body schema gets: parsed JSON, form fields, or the raw bytes. undefined when there was no body. */
  readonly value: unknown;
}

const EMPTY: ReadBody = { raw: Buffer.alloc(0), value: undefined };

/** Reads and decodes a body. Errors: request.tooLarge 413, request.mediaType 415, request.invalid 400. */
export async function readBody(
  request: IncomingMessage,
  kind: BodyKind,
  maxBytes: number,
  words: Words,
): Promise<ReadBody> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge();
  if (kind === 'stream') return EMPTY;
  const encoding = request.headers['content-encoding'];
  // Compressed bodies invite bombs and nobody sends them to this API.
  if (encoding !== undefined && encoding !== 'identity') throw mediaType();
  const raw = await collect(request, maxBytes);
  if (raw.length === 0) return EMPTY;
  if (kind === 'raw') return { raw, value: raw };
  return { raw, value: decode(raw, kind, mimeOf(request), words) };
}

function mimeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function decode(raw: Buffer, kind: 'json' | 'form', mime: string, words: Words): unknown {
  if (kind === 'form') {
    if (mime !== 'application/x-www-form-urlencoded') throw mediaType();
    return Object.fromEntries(new URLSearchParams(raw.toString('utf8')));
  }
  if (mime !== 'application/json' && !mime.endsWith('+json')) throw mediaType();
  try {
    return JSON.parse(raw.toString('utf8'), dropPrototype) as unknown;
  } catch {
    throw new RequestError([{ path: 'body', message: words.own(fault('malformedJson')) }], words.invalid);
  }
}

/** `__proto__` as a key is never data. */
function dropPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

async function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): AppError {
  return new AppError('request.tooLarge', 413, 'The request body is too large.');
}

function mediaType(): AppError {
  return new AppError('request.mediaType', 415, 'This media type or encoding is not understood here.');
}
