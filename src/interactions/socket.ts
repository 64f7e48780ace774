import type { ClientCommand, ClientCommandName } from '../contracts/realtime.ts';
import type { Principal } from '../platform/http/index.ts';
import type { Desk } from './desk.ts';
import { interactionView, messageView } from './view.ts';

type Commands = {
  readonly [N in ClientCommandName]?: (
    principal: Principal,
    payload: ClientCommand<N>,
  ) => Promise<Record<string, unknown>>;
};

/** The same actions as over HTTP, acknowledged on the socket. */
export function interactionSocket(desk: Desk): Commands {
  return {
    'offer:accept': async (principal, { interactionId }) => ({
      interaction: interactionView(await desk.accept(principal, interactionId)),
    }),
    'offer:reject': async (principal, { interactionId }) => ({
      interaction: interactionView(await desk.reject(principal, interactionId)),
    }),
    'interaction:close': async (principal, { interactionId, ...how }) => ({
      interaction: interactionView(await desk.close(principal, interactionId, how)),
    }),
    'interaction:message': async (principal, { interactionId, ...wish }) => ({
      message: messageView(await desk.write(principal, interactionId, wish)),
    }),
    'interaction:transfer': async (principal, { interactionId, to, mode }) => ({
      interaction: interactionView(await desk.transfer(principal, interactionId, to, mode)),
    }),
    'call:hangup': async (principal, { interactionId }) => ({
      interaction: interactionView(await desk.hangup(principal, interactionId)),
    }),
    'call:hold': async (principal, { interactionId }) => ({
      interaction: interactionView(await desk.hold(principal, interactionId)),
    }),
    'call:resume': async (principal, { interactionId }) => ({
      interaction: interactionView(await desk.resume(principal, interactionId)),
    }),
    'call:dtmf': async (principal, { interactionId, digits }) => ({
      interaction: interactionView(await desk.dtmf(principal, interactionId, digits)),
    }),
  };
}
