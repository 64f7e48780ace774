import type { ClientCommand } from '../contracts/realtime.ts';
import type { Principal } from '../platform/http/index.ts';
import type { Agents } from './agents.ts';
import { setOwnPresence } from './http.ts';
import { presenceView } from './view.ts';

export function agentSocket(agents: Agents): {
  readonly 'presence:set': (
    principal: Principal,
    payload: ClientCommand<'presence:set'>,
  ) => Promise<Record<string, unknown>>;
} {
  return {
    'presence:set': async (principal, payload) => ({
      presence: presenceView(await setOwnPresence(agents, principal, payload)),
    }),
  };
}
