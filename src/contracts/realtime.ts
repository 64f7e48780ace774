import { z } from 'zod';
import { customerContext, sectionName } from './context.ts';
import { interaction, messageView } from './interaction.ts';
import { isoTime } from './common.ts';

export const presenceState = z.enum(['offline', 'available', 'paused']);
export type PresenceState = z.infer<typeof presenceState>;

/** Types of pause; the first three have a legal budget (NR-17 annex II), noAnswer is set by the server. */
export const pauseReason = z.enum([
  'break',
  'meal',
  'toilet',
  'training',
  'abusiveCall',
  'admin',
  'noAnswer',
  'forced',
]);

export const presenceView = z.object({
  agentId: z.string(),
  name: z.string(),
  state: presenceState,
  reason: z.string().optional(),
  since: isoTime,
  /** A SIP registration of this operator is alive. */
  softphone: z.boolean(),
  /** Used units of 100 for text; and the call in hand. */
  load: z.object({ text: z.number(), voice: z.boolean() }),
  work: z.array(z.string()),
  queues: z.array(z.string()),
});
export type PresenceView = z.infer<typeof presenceView>;

export const queueLive = z.object({
  key: z.string(),
  name: z.string(),
  waiting: z.number().int(),
  longestWaitMs: z.number().int(),
  offered: z.number().int(),
  active: z.number().int(),
  agentsAvailable: z.number().int(),
  agentsPaused: z.number().int(),
  answeredToday: z.number().int(),
  abandonedToday: z.number().int(),
  serviceLevel: z.object({
    formula: z.string(),
    thresholdMs: z.number().int(),
    value: z.number().nullable(),
  }),
  estimatedWaitMs: z.number().int().nullable(),
});
export type QueueLive = z.infer<typeof queueLive>;

export const board = z.object({
  at: isoTime,
  queues: z.array(queueLive),
  people: z.array(presenceView),
  trunks: z.array(
    z.object({ id: z.string(), name: z.string(), used: z.number().int(), channels: z.number().int() }),
  ),
  engines: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
});
export type Board = z.infer<typeof board>;
export const boardDelta = board.partial();
export type BoardDelta = z.infer<typeof boardDelta>;

/** Server → client. The envelope of each: the payload plus `seq`, growing by one per user. */
export const serverEvents = {
  offer: z.object({ interaction, deadline: isoTime, context: customerContext }),
  'offer:revoked': z.object({ interactionId: z.string(), reason: z.string() }),
  interaction: z.object({ interaction }),
  message: z.object({ interactionId: z.string(), message: messageView }),
  context: z.object({ interactionId: z.string(), section: sectionName, context: customerContext }),
  presence: presenceView,
  board: boardDelta,
  alert: z.object({ code: z.string(), message: z.string(), level: z.enum(['info', 'warning', 'critical']) }),
  resync: z.object({ reason: z.string() }),
} as const;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<N extends ServerEventName> = z.infer<(typeof serverEvents)[N]>;
export type ServerToClient = {
  [N in ServerEventName]: (payload: ServerEvent<N> & { seq: number }) => void;
};

const byId = z.object({ interactionId: z.string() });
export const transferTarget = z.object({
  type: z.enum(['agent', 'queue', 'number']),
  id: z.string().min(1).max(64),
});
/** Client → server, each acknowledged. */
export const clientCommands = {
  'presence:set': z.object({ state: presenceState, reason: pauseReason.optional() }),
  'offer:accept': byId,
  'offer:reject': byId,
  'interaction:close': byId.extend({
    disposition: z.string().min(1).max(80),
    note: z.string().max(4000).optional(),
  }),
  'interaction:message': byId.extend({
    text: z.string().min(1).max(65536),
    attachments: z.array(z.string()).max(10).optional(),
  }),
  'interaction:transfer': byId.extend({ to: transferTarget, mode: z.enum(['blind', 'attended']) }),
  'call:hangup': byId,
  'call:hold': byId,
  'call:resume': byId,
  'call:dtmf': byId.extend({ digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) }),
  'monitor:start': byId.extend({ mode: z.enum(['listen', 'whisper', 'barge']) }),
  'monitor:stop': byId,
  'board:watch': z.object({ on: z.boolean() }),
} as const;
export type ClientCommandName = keyof typeof clientCommands;
export type ClientCommand<N extends ClientCommandName> = z.infer<(typeof clientCommands)[N]>;
export type Ack =
  | { ok: true; [key: string]: unknown }
  | { ok: false; error: { code: string; message: string } };
export type ClientToServer = {
  [N in ClientCommandName]: (payload: ClientCommand<N>, ack: (answer: Ack) => void) => void;
};
