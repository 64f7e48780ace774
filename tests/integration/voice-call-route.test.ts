import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { voiceRoutes, type VoiceRoutesDeps } from '../../src/voice/index.ts';
import { type AccessServer, startAccessServer } from '../support/access-server.ts';

type Asked = Parameters<VoiceRoutesDeps['call']>[2];
const asked: Asked[] = [];
let server: AccessServer;
beforeAll(async () => {
  server = await startAccessServer({
    routes: voiceRoutes({
      call(_companyId: string, _agentId: string, request: Asked) {
        asked.push(request);
        return Promise.reject(new AppError('queue.notYours', 403, 'You do not work in this queue.'));
      },
    } as unknown as VoiceRoutesDeps),
  });
});
afterAll(() => server.stop());

it('a call is asked for within the queues of an operator, and within all by who runs the company', async () => {
  const body = { to: '+5511987654321', queue: 'vendas' };
  for (const [who, within] of [
    ['ana', (await server.access.users.byUsername('ana'))?.queues],
    ['admin', undefined],
  ] as const) {
    const answer = await server.call('POST', '/api/v1/calls', { token: await server.login(who), body });
    expect([answer.status, answer.json['code']]).toEqual([403, 'queue.notYours']);
    expect(asked.at(-1)).toEqual({ ...body, within });
  }
  expect(asked[0]?.within).toBeDefined();
});
