import {
  type Ack,
  type ClientCommand,
  type ClientCommandName,
  clientCommands,
  commandScopes,
} from '../../contracts/realtime.ts';
import { AppError } from '../../shared/errors.ts';
import {
  assertScope,
  type AuditRule,
  type AuditWriter,
  does,
  type Principal,
  strict,
  tellAnswer,
  tellRefusal,
  unaudited,
} from '../http/index.ts';
import type { Logger } from '../log/index.ts';
import { z } from 'zod';

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

/** The same acts as by HTTP. Nothing is read by a command. */
const rules: Readonly<Record<ClientCommandName, AuditRule>> = {
  'presence:set': unaudited('own'),
  'offer:accept': does('interaction.accept', 'interaction'),
  'offer:reject': does('interaction.reject', 'interaction'),
  'interaction:close': does('interaction.close', 'interaction'),
  'interaction:message': does('interaction.message', 'interaction'),
  'interaction:transfer': does('interaction.transfer', 'interaction'),
  'call:hangup': does('interaction.hangup', 'interaction'),
  'call:hold': does('interaction.hold', 'interaction'),
  'call:resume': does('interaction.resume', 'interaction'),
  'call:dtmf': does('interaction.dtmf', 'interaction'),
  'monitor:start': does('interaction.monitor', 'interaction'),
  'monitor:stop': unaudited('own'),
  'board:watch': unaudited('colleagues'),
};

/** What the line of a command says beside its contact; never a text, never keys that were pressed. */
const facts = ({ disposition, to, mode }: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ disposition, to, mode }).filter(([, value]) => value !== undefined));

const isName = (name: string): name is ClientCommandName => Object.hasOwn(clientCommands, name);

const refused = (code: string, message: string): Ack => ({ ok: false, error: { code, message } });

/** As in a request by HTTP, a field that a command does not know is refused. */
const schemas = Object.fromEntries(
  Object.entries(clientCommands).map(([name, schema]) => [name, strict(schema) as z.ZodType<object>]),
);

const read = (name: ClientCommandName, payload: unknown): z.ZodSafeParseResult<object> =>
  (schemas[name] ?? z.never()).safeParse(payload);

function notValid({ issues: [first] }: z.ZodError): Ack {
  if (first?.code === 'unrecognized_keys')
    return refused('request.unknownField', 'The command has a field that the server does not know.');
  const path = (first?.path ?? []).map(String).join('.');
  return refused('request.invalid', `The command is not valid: ${path} ${first?.message ?? ''}`);
}

export function createDispatcher(log: Logger, audit: AuditWriter): Dispatcher {
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
      const parsed = read(name, payload);
      if (!parsed.success) return notValid(parsed.error);
      const rule = { audit: rules[name] };
      const asked: Readonly<Record<string, unknown>> = { ...parsed.data };
      const about = { params: { id: asked['interactionId'] }, query: undefined, body: undefined };
      const onLost = (error: unknown): void =>
        log.error({ err: error, command: name }, 'a line of the audit log was lost');
      try {
        assertScope(principal, commandScopes[name]);
        const answer: unknown = await handler(principal, parsed.data);
        await tellAnswer(
          audit,
          rule,
          principal,
          about,
          { status: 200, audit: { data: facts(asked) } },
          onLost,
        );
        return { ...(typeof answer === 'object' ? answer : {}), ok: true };
      } catch (error) {
        await tellRefusal(audit, { ...rule, where: `socket ${name}` }, principal, about, error, onLost);
        if (error instanceof AppError) return refused(error.code, error.message);
        log.error({ err: error, command: name }, 'command failed');
        return refused('server.error', 'Something went wrong on our side.');
      }
    },
  };
}
