import { describe, expect, it } from 'vitest';
import { diversionOf } from './diversion.ts';

const read = (headers: Record<string, string>) => diversionOf({ get: (name) => headers[name] });

describe('who sent a call on', () => {
  it.each([
    ['<sip:+551133334444@pbx>;reason=unconditional;counter=1', '+551133334444', 'unconditional'],
    [
      '"Loja, centro" <sip:1133334444;npdi@pbx>;reason="user-busy", <sip:+5511900000000@x>;reason=no-answer',
      '1133334444',
      'user-busy',
    ],
    ['<tel:+55-11-3333-4444>;reason=no-answer;privacy=full', '+55-11-3333-4444', 'no-answer'],
    ['<sip:+551133334444@pbx>', '+551133334444', ''],
  ])('Diversion (RFC 5806): %s', (diversion, by, reason) => {
    expect(read({ diversion })).toEqual({ by, reason });
  });

  it.each([
    // RFC 7044, appendix B.2 in short: Bob's telephone did not answer, the call went to voice mail.
    [
      '<sip:bob@example.com>;index=1,<sip:bob@192.0.2.5?Reason=SIP%3Bcause%3D408>;index=1.1;rc=1,<sip:vm@example.com;target=sip:bob%40example.com;cause=408>;index=1.2;mp=1',
      'bob',
      'no-answer',
    ],
    [
      '<sip:+551133334444@a?Reason=SIP%3Bcause%3D486>;index=1,<sip:+551140004000@b>;index=1.1;mp=1',
      '+551133334444',
      'user-busy',
    ],
    [
      '<sip:+551133334444@a>;index=1,<sip:+551140004000@b;cause=302>;index=1.1;mp=1',
      '+551133334444',
      'unconditional',
    ],
  ])('History-Info (RFC 7044): %s', (history, by, reason) => {
    expect(read({ 'history-info': history })).toEqual({ by, reason });
  });

  it('nobody: no header, nonsense, or a history without a change of target', () => {
    for (const headers of [
      {},
      { diversion: 'x' },
      { diversion: '<sip:pbx>' },
      { 'history-info': '<sip:+551140004000@a>;index=1,<sip:+551140004000@b>;index=1.1;rc=1' },
      { 'history-info': '<sip:a@b>;index=1;mp=7' },
      { 'history-info': ',,;index=1;mp=1' },
    ])
      expect(read(headers)).toBeUndefined();
  });

  it('is no longer than a number may be', () => {
    expect(read({ diversion: `<sip:${'9'.repeat(5000)}@x>;reason=${'x'.repeat(5000)}` })).toEqual({
      by: '9'.repeat(64),
      reason: 'x'.repeat(64),
    });
  });
});
