import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { MediaEndpoint, SipDialog } from './ports.ts';

/** One side of a call: its signalling and its sound. */
export interface Leg {
  readonly dialog: SipDialog;
  readonly endpoint: MediaEndpoint;
  /** WebRTC for browsers, RTP for trunks and SIP phones. */
  readonly media: 'rtp' | 'webrtc';
}

/** The operator's side, from the first ring to the end of its leg. */
export interface OperatorSide {
  readonly agentId: AgentId;
  /** The claim that brought this operator; a later claim of the same one is another side. */
  readonly hold: string;
  /** Cancels the ringing. */
  readonly dialing: AbortController;
  /** Aborted when this side is given up: nobody watches its leg any more. */
  readonly over: AbortController;
  leg: Leg | null;
  /** The phone that rings with the offer: whoever accepts elsewhere meanwhile waits for it. */
  ringing: Promise<Leg> | null;
  /** Its softphone is being brought to the customer, or was: an effect told twice does it once. */
  connecting: boolean;
  /** Joined to the customer's leg (hold included). */
  bridged: boolean;
}

/** A customer's call in hand. The interaction in the store says what it is; this says where its legs are. */
export interface Call {
  readonly interactionId: InteractionId;
  readonly companyId: CompanyId;
  /** Called number or queue's flow; null for simulated and outbound calls. */
  readonly trunkId: string | null;
  readonly customer: Leg;
  /** Aborted when the customer's leg is over, whoever ended it. */
  readonly gone: AbortController;
  /** What the customer hears while nobody talks to them; aborted when that ends. */
  sound: AbortController | null;
  /** Until the protocol number is told: music and operators wait for it. Never rejects. */
  telling: Promise<void>;
  operator: OperatorSide | null;
  recordingPath: string | null;
}

/** The calls in hand, by interaction. */
export function createCalls() {
  const calls = new Map<string, Call>();
  return {
    add: (call: Call) => calls.set(call.interactionId, call),
    get: (interactionId: string) => calls.get(interactionId),
    remove: (interactionId: string) => calls.delete(interactionId),
    all: () => [...calls.values()],
    size: () => calls.size,
  };
}
export type Calls = ReturnType<typeof createCalls>;

/** The customer is there, and this side is the one that serves it. */
export const isInHand = (call: Call, side: OperatorSide): boolean =>
  !call.gone.signal.aborted && call.operator === side;

/** Stops what the customer hears and says that something else begins. */
export function newSound(call: Call): AbortSignal {
  call.sound?.abort();
  call.sound = new AbortController();
  return AbortSignal.any([call.sound.signal, call.gone.signal]);
}

export function silence(call: Call): void {
  call.sound?.abort();
  call.sound = null;
}
