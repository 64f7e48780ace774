import type { HealthResult } from '../contracts/engines.ts';
import type { NumberPrefix } from '../shared/br/written-number.ts';
/**
 * What call control needs from the outside: a SIP edge and a media server.
 * Two engines implement each (embedded; drachtio and FreeSWITCH at scale) and one contract suite runs on both.
 * The shapes follow drachtio-srf (dialogs) and drachtio-fsmrf (endpoints), so that the large engines need little glue.
 */

/** SIP failure of an outgoing request: the final status, e.g. 486, or 408 when nobody answered (RFC 3261 §21). */
export interface SipFailure {
  readonly status: number;
  readonly reason: string;
  /** Seconds until the other side expects to be there (RFC 3261 §20.33). */
  readonly retryAfterS?: number;
  /** A 408 before which nothing came, not even a provisional answer: nobody is there who takes calls. */
  readonly unheard?: true;
}

export type Transport = 'udp' | 'tcp' | 'ws' | 'wss';

/** A confirmed dialog (RFC 3261 §12). */
export interface SipDialog {
  readonly callId: string;
  readonly localSdp: string;
  readonly remoteSdp: string;
  /** Re-INVITE with a new local description; resolves to the peer's. Rejects with SipFailure. */
  modify(localSdp: string): Promise<string>;
  /**
   * Asks the peer whether it is still there (a copy of our 200 where that is possible, then OPTIONS in the dialog). False: nobody
   * answered within the transaction's 32 s, the peer knows no such dialog (408, 481), or there is no way to it. Ends nothing by itself; never rejects.
   */
  alive(): Promise<boolean>;
  /** BYE; resolves when sent, whoever answers it or not; idempotent. `reason` goes into a Reason header (RFC 3326). */
  bye(reason?: string): Promise<void>;
  /** The peer sent BYE, or the session timer expired (RFC 4028), or its flow died. Called once, never after bye(). */
  onEnd(handler: (cause: 'bye' | 'sessionTimer' | 'transport') => void): void;
  /** The peer sent a re-INVITE or UPDATE with a description; the answer is our new one. */
  onModify(handler: (remoteSdp: string) => Promise<string>): void;
  /** The peer sent a re-INVITE without a description: it wants our offer. Its answer comes to onModify. */
  onOfferWanted(handler: () => Promise<string>): void;
  /** INFO with application/dtmf-relay or application/dtmf. */
  onInfoDigit(handler: (digit: Digit, durationMs: number) => void): void;
  /** REFER (RFC 3515): the peer asks for a transfer to this URI. Answered 202 by the edge. */
  onRefer(handler: (referTo: string) => void): void;
}

export interface SipPeer {
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
}

/** An INVITE that passed the edge's admission: from a trunk that it knows, or from a registered softphone. */
export interface IncomingCall {
  readonly callId: string;
  readonly source:
    | { readonly kind: 'trunk'; readonly trunkId: string }
    | { readonly kind: 'softphone'; readonly username: string };
  readonly peer: SipPeer;
  /** User part of From, or of P-Asserted-Identity when the trunk is trusted to assert; its parameters cut, its escapes decoded. */
  readonly callerUser: string;
  readonly callerName: string | undefined;
  /** User part of the Request-URI, read the same way. */
  readonly calledUser: string;
  /** Who sent the call on to us (RFC 5806, RFC 7044), as a trunk tells it: shown, and never an identity. */
  readonly diversion?: { readonly by: string; readonly reason: string };
  /** Empty: the caller waits for our offer (RFC 3261 §13.2.1), and its answer is the dialog's `remoteSdp`. */
  readonly remoteSdp: string;
  /** CANCEL, or the transaction died before an answer. */
  onCancel(handler: () => void): void;
  /** 180 Ringing. */
  ringing(): void;
  /** 200 OK with this description; resolves at the ACK, rejects when cancelled meanwhile. */
  answer(localSdp: string): Promise<SipDialog>;
  reject(status: number, reason?: string): void;
}

export interface OutgoingCall {
  /** sip:user of a registered softphone (the edge finds its flow), or a number over a trunk. */
  readonly to:
    | { readonly kind: 'softphone'; readonly username: string }
    | { readonly kind: 'trunk'; readonly trunkId: string; readonly number: string };
  readonly callerUser: string;
  readonly callerName?: string;
  readonly localSdp: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Aborting rejects at once with 487. The attempt ends in the background: CANCEL, and ACK and BYE for an answer that comes all the
   * same, however late.
   */
  readonly signal?: AbortSignal;
  readonly onRinging?: () => void;
  /** The other side was heard: any provisional answer, 100 Trying too where the edge `showsTrying`. */
  readonly onHeard?: () => void;
}

/** A registration of a softphone, as it comes and goes. `contacts` counts live bindings of that username. */
export interface RegistrationChange {
  readonly username: string;
  readonly contacts: number;
  /** The newest binding's User-Agent, for deciding whether it is the desk (auto answer) or another SIP phone. */
  readonly userAgent: string | undefined;
  readonly peer: SipPeer;
}

/** Credentials as the edge needs them: HA1 of RFC 7616 digest (MD5 of user:realm:password), or undefined for unknown users. */
export interface SoftphoneAuth {
  ha1(username: string, realm: string): Promise<readonly string[]>;
}

export interface TrunkConfig {
  readonly id: string;
  /** Literal source addresses that identify the trunk, or digest credentials. */
  readonly peers: readonly string[];
  readonly digest?: { readonly username: string; readonly password: string };
  /** We register there like a telephone; its calls come from the registrar, or from `peers`. */
  readonly registration?: {
    readonly registrar: string;
    readonly username: string;
    readonly password: string;
    readonly expiresS: number;
  };
  /** The next hop of what we send, whatever its address. */
  readonly proxy?: string;
  /** Numbers are written to this trunk by the longest prefix that fits. */
  readonly prefixes?: readonly NumberPrefix[];
  /** What is spoken with it; absent: all that we speak. */
  readonly transports?: readonly ('udp' | 'tcp' | 'tls')[];
  /** Numbers say that they are: `;user=phone`. */
  readonly userPhone?: boolean;
  /** Where calls to this trunk are sent, e.g. sip:10.0.0.5:5060;transport=udp; by default the registrar. */
  readonly outboundUri?: string;
  readonly trustsAssertedIdentity: boolean;
}

/** How our registration at a trunk stands. */
export type RegistrationStatus =
  | { readonly state: 'registering'; readonly since: Date }
  | { readonly state: 'registered'; readonly since: Date; readonly expiresAt: Date }
  | {
      readonly state: 'failed';
      readonly since: Date;
      /** The registrar's answer (RFC 3261 §21), 408 when it says nothing, 503 when there is no way to it. */
      readonly status: number;
      readonly reason: string;
      readonly retryAt: Date;
    };

export interface SipEdge {
  /** Known trunks; replaced as a whole when the administrator changes one. */
  setTrunks(trunks: readonly TrunkConfig[]): void;
  /** Of a trunk that wants one. */
  registrationOf(trunkId: string): RegistrationStatus | undefined;
  onInvite(handler: (call: IncomingCall) => void): void;
  onRegistration(handler: (change: RegistrationChange) => void): void;
  /** Whether `onHeard` is told of 100 Trying too; else seconds of silence say nothing of the other side. */
  readonly showsTrying: boolean;
  /** Rejects with SipFailure. */
  invite(call: OutgoingCall): Promise<SipDialog>;
  /** Whether the newest registered phone of this user answers (OPTIONS). False after the transaction's 32 s at the latest; never rejects. */
  answers(username: string): Promise<boolean>;
  /**
   * Drops the bindings of a user, or those that these passwords (HA1) opened, when their session ended: later requests are
   * challenged anew.
   */
  unregister(username: string, openedWith?: readonly string[]): void;
  health(): Promise<HealthResult>;
  /** Ends dialogs politely (BYE), closes sockets; resolves within `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Digits by RFC 4733 events or in-band-free INFO; one call per key, at its end or after 3 repeats of the end packet. */
export type Digit =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '*'
  | '#'
  | 'A'
  | 'B'
  | 'C'
  | 'D';

export interface EndpointStats {
  readonly packetsReceived: number;
  /** Of them those that carried a voice or a noise in an agreed codec; a microphone that is off sends digital silence, which is none. */
  readonly soundReceived: number;
  readonly packetsSent: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  /** Milliseconds since the last packet from the peer. */
  readonly silentForMs: number;
}

/** One leg's media. G.711 (PCMU, PCMA) at 8 kHz, 20 ms packets; the codec follows the offer. */
export interface MediaEndpoint {
  readonly id: string;
  readonly codec: 'PCMU' | 'PCMA';
  /** Our description: the answer when created from an offer, else our offer. */
  readonly localSdp: string;
  /** The peer's answer to our offer, or a re-offer; resolves to our current description. */
  setRemote(remoteSdp: string): Promise<string>;
  /** A new offer of all that we speak, both ways, as for a new call (RFC 6337 §5.2.5); setRemote brings its answer. */
  offer(): Promise<string>;
  /** Plays WAV files (8 kHz mono; resampled by the speech room) one after another; resolves when done or stopped. */
  play(
    files: readonly string[],
    options?: { readonly loop?: boolean; readonly signal?: AbortSignal },
  ): Promise<'done' | 'stopped'>;
  onDigit(handler: (digit: Digit) => void): void;
  /** A key that came by signalling (INFO): heard here and by the bridged side like one of RFC 4733, once where both came. */
  press(digit: Digit): Promise<void>;
  /** Sends RFC 4733 events to the peer, 100 ms each by default. */
  sendDigits(digits: string): Promise<void>;
  /** Joins the two legs both ways; either may be on hold later. Replaces what either was doing (play stops). */
  bridge(other: MediaEndpoint): Promise<void>;
  unbridge(): Promise<void>;
  /** Stereo recording of this leg and whatever it is bridged to: left this leg (customer), right the other side or our prompts.
   *  The file grows as packets pass and is readable after kill -9 up to the last second. */
  startRecording(path: string): Promise<void>;
  stopRecording(): Promise<void>;
  stats(): Promise<EndpointStats>;
  /** No packet from the peer for `ms`; called once per silence. */
  onSilence(ms: number, handler: () => void): void;
  /** WebRTC: connected (ICE and DTLS done) or RTP: first packet seen. Rejects after 10 s or on failure. */
  connected(): Promise<void>;
  destroy(): Promise<void>;
}

export interface MediaServer {
  /** From the peer's offer: `localSdp` is the answer. Without one: `localSdp` is our offer. */
  createEndpoint(options: {
    readonly kind: 'rtp' | 'webrtc';
    readonly remoteSdp?: string;
    /** Address that the signalling comes from: a peer behind a NAT sends its sound from there, whatever its SDP names. */
    readonly signalledFrom?: string;
  }): Promise<MediaEndpoint>;
  health(): Promise<HealthResult>;
  stop(): Promise<void>;
}
