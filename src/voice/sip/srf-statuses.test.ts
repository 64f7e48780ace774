import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { teachStatuses } from './srf-statuses.ts';

interface Response {
  send(status: number, reason?: string): void;
}
const load = createRequire(import.meta.url);
const SrfResponse = load('drachtio-srf/lib/response.js') as new (agent: object) => Response;

describe('statuses of drachtio-srf', () => {
  it('answers 469, which it does not know by itself', () => {
    teachStatuses();
    const sent: unknown[] = [];
    const agent = {
      sendResponse: ({ msg }: { msg: { status: number; reason: string } }) =>
        sent.push([msg.status, msg.reason]),
    };
    new SrfResponse(agent).send(469, 'Bad Info Package');
    expect(sent).toEqual([[469, 'Bad Info Package']]);
  });
  it('still refuses what is no status', () => {
    teachStatuses();
    expect(() => {
      new SrfResponse({}).send(999);
    }).toThrow('valid sip response code');
  });
});
