import { expect } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { parseRemote } from '../../src/voice/media/sdp.ts';
import { parseCredentials } from '../../src/voice/sip/digest.ts';
import { parseSip } from '../../src/voice/sip/embedded/sip-message.ts';
import {
  parseCSeq,
  parseNameAddress,
  parseParams,
  parseUri,
  parseVia,
  splitList,
  tagOf,
  userOf,
} from '../../src/voice/sip/embedded/sip-values.ts';
import { validateRequest } from '../../src/voice/sip/embedded/validate.ts';
import { readInfo } from '../../src/voice/sip/info-dtmf.ts';
import { readSession } from '../../src/voice/sip/session-body.ts';

/** Every reader of the edge on every part of a message: more than any real request sets off. */
export function readAll(text: string): void {
  const parsed = parseSip(text);
  if (parsed) {
    validateRequest(parsed, Buffer.byteLength(parsed.body));
    const typed = (type: string | undefined) => ({
      body: parsed.body,
      get: (name: string) => (name === 'content-type' ? type : parsed.headers[name]),
    });
    readSession(typed(parsed.headers['content-type']));
    for (const type of [
      parsed.headers['content-type'],
      'application/dtmf-relay',
      'multipart/mixed;boundary=b',
    ])
      readInfo(typed(type));
    userOf(parsed.uri);
    for (const value of Object.values(parsed.headers)) {
      for (const part of splitList(value)) parseNameAddress(part);
      for (const read of [parseUri, parseVia, parseCSeq, parseParams, tagOf, userOf, parseCredentials])
        read(value);
    }
  }
  try {
    parseRemote(text.slice(text.indexOf('v=0')), 'rtp');
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
  }
}
