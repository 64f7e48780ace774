import { z } from 'zod';
import { customerContext, sectionName } from './context.ts';
import { interaction, messageView, NOTE_MOST } from './interaction.ts';
import { channel, isoTime, line, mailAddress, prose } from './common.ts';
import { fault } from './field-words.ts';
import { engineFact } from './engines.ts';

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
  /** The supervisor who set it; absent when it is the person's own. */
  by: z.object({ id: z.string(), name: z.string().optional() }).optional(),
  /** Offline without having chosen it: the conversations in hand that went back to the queue. */
  returned: z.number().int().optional(),
  /** Offline with the reason `deskLost`: how long the desk had been away, ms. */
  lostMs: z.number().int().optional(),
  /** When the call in hand went back to the queue because this operator's line was lost. */
  callReturnedAt: isoTime.optional(),
  /** A SIP registration of this operator is alive. */
  softphone: z.boolean(),
  /** It is registered and there, but takes no calls (do not disturb): called again after a growing time. */
  softphoneRefuses: z.boolean().optional(),
  /** Used units of 100 for text; and the call in hand. */
  load: z.object({ text: z.number(), voice: z.boolean() }),
  work: z.array(z.string()),
  queues: z.array(z.string()),
});
export type PresenceView = z.infer<typeof presenceView>;

const serviceLevelLive = z.object({
  formula: z.string(),
  thresholdMs: z.number().int(),
  /** null: nothing to judge yet today. */
  value: z.number().nullable(),
});

/** A queue by channel: a call and a mail wait for different things. */
export const channelLive = z.object({
  channel,
  waiting: z.number().int(),
  longestWaitMs: z.number().int(),
  /** People who could take one of these now: presence, queue, skills, room, no call in hand, for a call also the phone. */
  free: z.number().int(),
  /** Of a newcomer; null: nobody is there who takes this channel. */
  estimatedWaitMs: z.number().int().nullable(),
  answeredToday: z.number().int(),
  abandonedToday: z.number().int(),
  serviceLevel: serviceLevelLive,
});
export type ChannelLive = z.infer<typeof channelLive>;

export const queueLive = z.object({
  key: z.string(),
  name: z.string(),
  waiting: z.number().int(),
  longestWaitMs: z.number().int(),
  offered: z.number().int(),
  active: z.number().int(),
  /** People who could take a contact of the queue now, of whichever channel; `channels` tells of which. */
  agentsAvailable: z.number().int(),
  agentsPaused: z.number().int(),
  answeredToday: z.number().int(),
  abandonedToday: z.number().int(),
  /** Of all channels, each contact judged by the threshold of its own; `thresholdMs` is that of calls. */
  serviceLevel: serviceLevelLive,
  /** Of a caller. */
  estimatedWaitMs: z.number().int().nullable(),
  /** Waiting contacts that ask for a skill which no member of the queue has: nobody will ever take them. */
  nobodyFor: z.number().int().optional(),
  /** The skills that are lacking for those; "a + b" where they are asked for together. */
  nobodyHas: z.array(z.string()).optional(),
  /** Voice first. */
  channels: z.array(channelLive).optional(),
});
export type QueueLive = z.infer<typeof queueLive>;

export const board = z.object({
  at: isoTime,
  queues: z.array(queueLive),
  people: z.array(presenceView),
  trunks: z.array(
    z.object({ id: z.string(), name: z.string(), used: z.number().int(), channels: z.number().int() }),
  ),
  engines: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      /** For whoever reads logs; screens show the facts. */
      detail: z.string().optional(),
      facts: z.array(engineFact).optional(),
    }),
  ),
});
export type Board = z.infer<typeof board>;
/** `closed`: keys of queues that were deactivated; they leave the board. */
export const boardDelta = board.partial().extend({ closed: z.array(z.string()).optional() });
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
  alert: z.object({
    code: z.string(),
    message: z.string(),
    level: z.enum(['info', 'warning', 'critical']),
    /** Of `queue.missing`: the name of the queue that was asked for, and of the one that got the contact. */
    queue: z.string().optional(),
    instead: z.string().optional(),
  }),
  resync: z.object({ reason: z.string() }),
} as const;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<N extends ServerEventName> = z.infer<(typeof serverEvents)[N]>;
export type ServerToClient = {
  [N in ServerEventName]: (payload: ServerEvent<N> & { seq: number }) => void;
};

const byId = z.object({ interactionId: z.string().min(1).max(64) });
export const transferTarget = z.object({
  type: z.enum(['agent', 'queue', 'number']),
  id: line(64),
});
/** Why a contact was closed, as a key: the desk's are `suporte.lentidao` and the like, other programs have their own. */
export const disposition = line(80);
/** Client → server, each acknowledged. */
export const clientCommands = {
  'presence:set': z.object({ state: presenceState, reason: pauseReason.optional() }),
  'offer:accept': byId,
  'offer:reject': byId,
  'interaction:close': byId.extend({
    disposition,
    note: prose(NOTE_MOST, 0).optional(),
    /** What has to follow: a call back, a visit … */
    followUp: line(80).optional(),
    /** On an own live call: ends it first. Without it 409 `interaction.stillTalking`. */
    hangup: z.boolean().optional(),
  }),
  'interaction:message': byId.extend({
    text: prose(65536),
    attachments: z.array(z.string().min(1).max(64)).max(10).optional(),
    /** E-mail: who gets a copy; absent: everybody of the customer's last mail. */
    cc: z.array(mailAddress).max(50).optional(),
  }),
  'interaction:transfer': byId.extend({ to: transferTarget, mode: z.enum(['blind', 'attended']) }),
  'call:hangup': byId,
  'call:hold': byId,
  'call:resume': byId,
  'call:dtmf': byId.extend({ digits: z.string().regex(/^[0-9A-D*#]{1,32}$/, fault('digits')) }),
  'monitor:start': byId.extend({ mode: z.enum(['listen', 'whisper', 'barge']) }),
  'monitor:stop': byId,
  'board:watch': z.object({ on: z.boolean() }),
} as const;
export type ClientCommandName = keyof typeof clientCommands;
/** What an API key needs to hear events at all. */
export const EVENTS_SCOPE = 'events:read';
/** And for each command: the scope of the route that does the same. Without one it is a person's alone. */
export const commandScopes: { readonly [N in ClientCommandName]: string | undefined } = {
  'presence:set': undefined,
  'offer:accept': 'interactions:write',
  'offer:reject': 'interactions:write',
  'interaction:close': 'interactions:write',
  'interaction:message': 'interactions:write',
  'interaction:transfer': 'interactions:write',
  'call:hangup': 'interactions:write',
  'call:hold': 'interactions:write',
  'call:resume': 'interactions:write',
  'call:dtmf': 'interactions:write',
  'monitor:start': 'interactions:write',
  'monitor:stop': 'interactions:write',
  'board:watch': 'board:read',
};
export type ClientCommand<N extends ClientCommandName> = z.infer<(typeof clientCommands)[N]>;
export type Ack =
  | { ok: true; [key: string]: unknown }
  | { ok: false; error: { code: string; message: string } };
export type ClientToServer = {
  [N in ClientCommandName]: (payload: ClientCommand<N>, ack: (answer: Ack) => void) => void;
};
