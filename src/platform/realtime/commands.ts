import {
  type Ack,
  type ClientCommand,
  type ClientCommandName,
  clientCommands,
} from '../../contracts/realtime.ts';
import { AppError } from '../../shared/errors.ts';
import type { Principal } from '../http/index.ts';
import type { Logger } from '../log/index.ts';

/** What the rooms export: one handler per command; the answer's fields go into the acknowledgement. */
export type SocketCommands = {
  readonly [N in ClientCommandName]?: (
    principal: Principal,
    payload: ClientCommand<N>,
  ) => Promise<Record<string, unknown> | undefined> | Promise<void>;
};

type AnyHandler = (
  principal: Principal,
  payload: unknown,
) => Promise<Record<string, unknown> | undefined> | Promise<void>;

export interface Dispatcher {
  /** A command has one handler: a second one is a fault of the composition root. */
  add(commands: SocketCommands): void;
  dispatch(name: string, principal: Principal, payload: unknown): Promise<Ack>;
}

const isName = (name: string): name is ClientCommandName => Object.hasOwn(clientCommands, name);

const refused = (code: string, message: string): Ack => ({ ok: false, error: { code, message } });

export function createDispatcher(log: Logger): Dispatcher {
  const handlers = new Map<string, AnyHandler>();
  return {
    add: (commands) => {
      for (const [name, handler] of Object.entries(commands)) {
        if (handlers.has(name)) throw new Error(`two handlers for the command ${name}`);
        // dispatch() parses with the schema of this very name before it calls.
        handlers.set(name, handler as AnyHandler);
      }
    },
    dispatch: async (name, principal, payload) => {
      const handler = handlers.get(name);
      if (!isName(name) || handler === undefined)
        return refused('command.unknown', 'There is no such command.');
      const parsed = clientCommands[name].safeParse(payload);
      if (!parsed.success) {
        const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
        return refused(
          'request.invalid',
          `The command is not valid: ${path} ${parsed.error.issues[0]?.message ?? ''}`,
        );
      }
      try {
        const answer: unknown = await handler(principal, parsed.data);
        return { ...(typeof answer === 'object' ? answer : {}), ok: true };
      } catch (error) {
        if (error instanceof AppError) return refused(error.code, error.message);
        log.error({ err: error, command: name }, 'command failed');
        return refused('server.error', 'Something went wrong on our side.');
      }
    },
  };
}
