import { may } from '../access/index.ts';
import { board as boardSchema, type ClientCommand } from '../contracts/realtime.ts';
import { AppError } from '../shared/errors.ts';
import { unaudited, route, type Principal, type Route } from '../platform/http/index.ts';
import type { LiveBoard } from './board.ts';

export function boardRoutes(board: Pick<LiveBoard, 'snapshot'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/board',
      tag: 'supervision',
      summary: 'Queues, people, trunks and engines now',
      auth: 'session',
      roles: ['supervisor', 'admin'],
      scope: 'board:read',
      responses: { 200: boardSchema },
      audit: unaudited('colleagues'),
      handle: ({ principal }) => ({ status: 200, body: board.snapshot(principal.companyId) }),
    }),
  ];
}

export function boardSocket(board: LiveBoard): {
  readonly 'board:watch': (
    principal: Principal,
    payload: ClientCommand<'board:watch'>,
  ) => Promise<Record<string, unknown>>;
} {
  return {
    'board:watch': (principal, { on }) => {
      if (!may(principal, 'see', { kind: 'company', companyId: principal.companyId }))
        return Promise.reject(new AppError('auth.forbidden', 403, 'Your role may not do this.'));
      board.watch(principal.companyId, principal.userId, on);
      return Promise.resolve(on ? { board: board.snapshot(principal.companyId) } : {});
    },
  };
}
