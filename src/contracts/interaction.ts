import { z } from 'zod';
import { channel, isoTime } from './common.ts';

/** Characters of one note, and of the note of a close. */
export const NOTE_MOST = 4000;

export const interactionState = z.enum([
  'arriving',
  'inFlow',
  'queued',
  'offered',
  'active',
  'wrapUp',
  'closed',
  'abandoned',
  'missed',
  'callbackScheduled',
]);
export type InteractionStateName = z.infer<typeof interactionState>;

export const identity = z.enum(['confirmed', 'unconfirmed', 'unknown']);
export type Identity = z.infer<typeof identity>;

const namedRef = z.object({ id: z.string(), name: z.string() });

export const segment = z.object({
  queue: z.string(),
  queuedAt: isoTime,
  offeredAt: isoTime.optional(),
  talkAt: isoTime.optional(),
  endedAt: isoTime.optional(),
});

/** One contact on one channel, as the API and the sockets show it. */
export const interaction = z.object({
  id: z.string(),
  /** Grows with each change of this contact: of two views the one with the higher version is the newer. */
  version: z.number().int().nonnegative(),
  channel,
  direction: z.enum(['inbound', 'outbound']),
  state: interactionState,
  queue: z.string().nullable(),
  /** Higher first. */
  priority: z.number().int(),
  customer: namedRef.nullable(),
  identity,
  contact: z.object({ address: z.string(), name: z.string().optional() }),
  /** 16 digits, AAAAMM + sequence. */
  protocol: z.string(),
  protocolType: z.enum(['request', 'complaint', 'information', 'cancellation']).optional(),
  agent: namedRef.nullable(),
  segments: z.array(segment),
  timestamps: z.object({
    arrivedAt: isoTime,
    queuedAt: isoTime.optional(),
    offeredAt: isoTime.optional(),
    acceptedAt: isoTime.optional(),
    closedAt: isoTime.optional(),
  }),
  disposition: z.string().nullable(),
  /** E-mail and other threaded text: the subject of the thread. */
  subject: z.string().optional(),
  /** Voice, active: since when both lines are joined; absent while the softphone or the called customer still rings. */
  connectedAt: isoTime.optional(),
  /** Voice, active: the line stands, but nothing has been heard from the customer since then. */
  customerSilentSince: isoTime.optional(),
  /** Voice: on hold now. */
  onHold: z.boolean().optional(),
  /** When the state is offered: who and until when; when wrapUp: until when. */
  deadline: isoTime.optional(),
  /** Voice, in wrap-up: when the talk ended. */
  endedAt: isoTime.optional(),
  /** Text: the last word was ours and the customer's answer is awaited (weight 0). */
  waitingForCustomer: z.boolean().optional(),
  /** closed: hung up before any queue. missed: why. */
  endCause: z.string().optional(),
  recording: z.boolean().optional(),
});
export type InteractionView = z.infer<typeof interaction>;

export const attachment = z.object({
  id: z.string(),
  filename: z.string(),
  contentType: z.string(),
  sizeBytes: z.number().int().nonnegative(),
});

export const messageView = z.object({
  id: z.string(),
  interactionId: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  /** automatic: an acknowledgement or a notice, nobody typed it. */
  author: z.object({ kind: z.enum(['customer', 'agent', 'automatic']), name: z.string().optional() }),
  from: z.string(),
  to: z.array(z.string()),
  /** E-mail: who got a copy. */
  cc: z.array(z.string()).optional(),
  /** E-mail, inbound: who else an answer goes to unless its writer says otherwise. */
  replyCc: z.array(z.string()).optional(),
  /** E-mail, inbound: the From address when the answer goes elsewhere (a web form's Reply-To). */
  via: z.string().optional(),
  /**
   * E-mail, inbound: how it could not be read plainly, by stable codes. unexplained: something stood outside of all parts and is shown
   * as it came. notBase64: said to be encoded, and was not, or in a way that nobody knows. tooManyParts, tooDeep: the rest is one file. tnef: files inside
   * winmail.dat. textCut, picturesLeft: there is more than is shown. fromUnclear: From names nobody, the answer goes to the address of the envelope.
   * replyToUnclear: Reply-To is there and names nobody. misnamed: the writer's name holds another address; it is left out. crowd: written to more people than an answer goes to; it goes to the writer alone.
   * notWhole: the structure is broken, the text is the body as it came. severalFrom: several From lines, the first is answered. noText: no words. filesLeft: more files than a message keeps.
   * renderingsDiffer: another rendering says something else, see `otherText`.
   */
  notices: z.array(z.string()).optional(),
  subject: z.string().optional(),
  text: z.string(),
  /** E-mail, inbound: what another rendering of the mail (HTML beside plain text) says that says something else. */
  otherText: z.string().optional(),
  attachments: z.array(attachment),
  status: z.enum(['received', 'queued', 'sent', 'delivered', 'failed']),
  /** failed: why. queued: why it still waits; it is tried again by itself. */
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  /** An operator's reply that failed after its contact was over; until somebody puts it aside or sends it again. */
  undelivered: z.boolean().optional(),
  at: isoTime,
});
export type MessageView = z.infer<typeof messageView>;

/** A reply that did not reach the customer, of a contact that is in nobody's work any more. */
export const undeliveredReply = z.object({
  /** Of the message. */
  id: z.string(),
  interactionId: z.string(),
  /** Whom it was for. */
  name: z.string(),
  protocol: z.string(),
  queue: z.string().nullable(),
  failure: messageView.shape.failure,
  at: isoTime,
});
export type UndeliveredReply = z.infer<typeof undeliveredReply>;

/** One line of the timeline: journal entries, messages and notes in one order, oldest first. */
export const timelineEntry = z.object({
  id: z.string(),
  at: isoTime,
  /** e.g. opened, flow.menu, queued, offered, accepted, note, message, hold, resumed, transferred, ended, closed, notice.sent */
  kind: z.string(),
  actor: z.object({
    kind: z.enum(['customer', 'agent', 'system']),
    id: z.string().optional(),
    name: z.string().optional(),
  }),
  /** Facts of the entry, by kind; without personal data beyond the contact's own. */
  data: z.record(z.string(), z.unknown()),
  message: messageView.optional(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;
