import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { AppError } from '../../shared/errors.ts';
import type { RangeSource } from './route.ts';

/** Answers 200, or 206 with one range, or 416 (RFC 9110 §14.2). Several ranges at once get the whole (allowed, §14.2). */
export async function sendRange(request: Request, response: Response, source: RangeSource): Promise<void> {
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Type', source.contentType);
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'private, no-store');
  if (source.filename !== undefined)
    response.attachment(source.filename).setHeader('Content-Type', source.contentType);
  const ranges = request.range(source.sizeBytes);
  if (ranges === -1) {
    response.setHeader('Content-Range', `bytes */${source.sizeBytes}`);
    throw new AppError('request.range', 416, 'This range is outside of the file.');
  }
  const only =
    Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined;
  const start = only?.start ?? 0;
  const end = only?.end ?? source.sizeBytes - 1;
  if (only !== undefined)
    response.status(206).setHeader('Content-Range', `bytes ${start}-${end}/${source.sizeBytes}`);
  response.setHeader('Content-Length', String(Math.max(0, end - start + 1)));
  if (request.method === 'HEAD' || source.sizeBytes === 0) {
    response.end();
    return;
  }
  await pipeline(source.open(start, end), response);
}

/** A stranger's file as an answer: bytes to save, whatever a browser thinks of them. Nothing of it runs in the desk's origin. */
export async function fileToSave(path: string, contentType: string, filename: string) {
  return {
    status: 200 as const,
    source: await fileSource(path, contentType, filename),
    headers: {
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
    },
  };
}

/** A file as a source. The size is taken now: a recording that still grows is answered as long as it was. */
export async function fileSource(path: string, contentType: string, filename?: string): Promise<RangeSource> {
  const { size } = await stat(path);
  return {
    sizeBytes: size,
    contentType,
    ...(filename === undefined ? {} : { filename }),
    open: (start, end) => createReadStream(path, { start, end }),
  };
}
