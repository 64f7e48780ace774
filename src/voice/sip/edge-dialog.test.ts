import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import { wrapDialog } from './edge-dialog.ts';
import type { SrfDialog, SrfRequest, SrfResponse } from './srf-types.ts';

type Asked = (request: SrfRequest, response: SrfResponse) => void;

/** A dialog of any engine: what it was asked to send, and the peer's requests by hand. */
function fakeDialog() {
  const asked = new Map<string, Asked>();
  const pending: ((status: number, body: string) => void)[] = [];
  const srf: SrfDialog = {
    sip: { callId: 'c', localTag: 'l', remoteTag: 'r' },
    local: { sdp: 'ours 1' },
    remote: { sdp: 'theirs 1' },
    on: (event: string, handler: unknown) => asked.set(event, handler as Asked),
    once: () => undefined,
    destroy: (_options, callback) => {
      callback(null);
    },
    request: (_options, callback) =>
      pending.push((status, body) => {
        callback(null, { ...noResponse, status, body });
      }),
  };
  const ask = (event: string, body: string, headers: Record<string, string> = {}) => {
    const sent: { status: number; headers: Record<string, string> }[] = [];
    const method = event === 'modify' ? 'INVITE' : event.toUpperCase();
    const get = (name: string): string | undefined => headers[name] ?? contentType(name);
    const request = { ...noRequest, method, body, get };
    asked.get(event)?.(request, {
      ...noResponse,
      send: (status, _reason, options) => void sent.push({ status, headers: options?.headers ?? {} }),
    });
    return sent;
  };
  const dialog = wrapDialog(srf, 'uas', { clock: manualClock(), chance: () => 0, onGone: () => undefined });
  return { dialog, ask, pending };
}
function contentType(name: string): string | undefined {
  return name === 'content-type' ? 'application/sdp' : undefined;
}
const noResponse: SrfResponse = {
  ...{ status: 0, reason: '', body: '', finalResponseSent: false },
  ...{ get: contentType, has: () => false, send: () => undefined },
};
const noRequest: SrfRequest = {
  ...{ method: '', uri: '', protocol: 'udp', source_address: '', source_port: 0, body: '' },
  ...{ get: () => undefined, has: () => false, on: () => undefined, cancel: () => undefined },
};

describe('INFO', () => {
  const keys = { Accept: 'application/dtmf-relay, application/dtmf, multipart/mixed' };
  it.each([
    ['a key', '5', { 'content-type': 'application/dtmf' }, 200, {}],
    ['nothing', '', { 'content-type': 'text/plain' }, 200, {}],
    ['a key of which no type is told', '5', {}, 415, keys],
    ['a key of an empty type', 'Signal=5', { 'content-type': ' ' }, 415, keys],
    ['words', 'Signal=5', { 'content-type': 'text/plain' }, 415, keys],
    ['a picture wish', '<x/>', { 'content-type': 'application/media_control+xml' }, 415, keys],
    [
      'what is packed',
      'xx',
      { 'content-type': 'application/dtmf', 'content-encoding': 'gzip' },
      ...([415, { 'Accept-Encoding': 'identity' }] as const),
    ],
    [
      'a package that we do not know (RFC 6086 §4.2.2)',
      '5',
      { 'content-type': 'application/dtmf', 'info-package': 'foo' },
      ...([469, { 'Recv-Info': '' }] as const),
    ],
  ] as const)('with %s', (_what, body, headers, status, told) => {
    const { dialog, ask } = fakeDialog();
    const heard: string[] = [];
    dialog.onInfoDigit((digit) => heard.push(digit));
    expect(ask('info', body, headers)).toEqual([{ status, headers: told }]);
    expect(heard).toEqual(status === 200 && body !== '' ? ['5'] : []);
  });
});

describe('offers that cross (RFC 3261 §14.2, RFC 3311 §5.2)', () => {
  it('theirs gets 491 while ours waits, a refresh without an offer gets 200, and all is well afterwards', async () => {
    const { dialog, ask, pending } = fakeDialog();
    const modified = dialog.modify('ours 2');
    await Promise.resolve();
    expect(ask('modify', 'theirs 2')).toMatchObject([{ status: 491 }]);
    expect(ask('update', 'theirs 2')).toMatchObject([{ status: 491 }]);
    const refresh = ask('update', '');
    pending[0]?.(200, 'theirs 3');
    expect(await modified).toBe('theirs 3');
    await new Promise(setImmediate);
    expect(refresh).toMatchObject([{ status: 200 }]);
    const again = ask('modify', 'theirs 4');
    await new Promise(setImmediate);
    expect(again).toMatchObject([{ status: 200 }]);
    expect(dialog.remoteSdp).toBe('theirs 4');
  });
  it('an extension that we do not know is refused by name', () => {
    const { ask } = fakeDialog();
    expect(ask('modify', 'theirs 2', { require: 'timer, foo' })).toEqual([
      { status: 420, headers: { Unsupported: 'foo' } },
    ]);
  });
});
