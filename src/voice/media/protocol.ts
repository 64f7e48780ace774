import type { Digit, EndpointStats } from '../ports.ts';
import type { Codec } from './g711.ts';

/** What the media process needs at its birth. */
export interface MediaProcessOptions {
  readonly rtpPortMin: number;
  readonly rtpPortMax: number;
  readonly host: string;
  readonly advertiseAddress: string;
}

/** What an endpoint says of itself after each description. */
export interface Described {
  readonly localSdp: string;
  readonly codec: Codec;
}

/** Commands of the main thread; each is answered once. Endpoints are named by the main thread. */
export type Command =
  | {
      readonly op: 'create';
      readonly id: string;
      readonly kind: 'rtp' | 'webrtc';
      readonly remoteSdp: string | undefined;
      readonly signalledFrom: string | undefined;
    }
  | { readonly op: 'setRemote'; readonly id: string; readonly remoteSdp: string }
  | {
      readonly op: 'play';
      readonly id: string;
      readonly play: number;
      readonly files: readonly string[];
      readonly loop: boolean;
    }
  | { readonly op: 'stopPlay'; readonly id: string; readonly play: number }
  | { readonly op: 'sendDigits'; readonly id: string; readonly digits: string }
  | { readonly op: 'press'; readonly id: string; readonly digit: Digit }
  | { readonly op: 'offer'; readonly id: string }
  | { readonly op: 'bridge'; readonly id: string; readonly other: string }
  | { readonly op: 'unbridge'; readonly id: string }
  | { readonly op: 'startRecording'; readonly id: string; readonly path: string }
  | { readonly op: 'stopRecording'; readonly id: string }
  | { readonly op: 'stats'; readonly id: string }
  | { readonly op: 'watch'; readonly id: string; readonly watch: number; readonly ms: number }
  | { readonly op: 'connected'; readonly id: string }
  | { readonly op: 'destroy'; readonly id: string }
  | { readonly op: 'health' }
  | { readonly op: 'stop' };

export interface Failure {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** What the media process holds. */
export interface MediaLoad {
  readonly endpoints: number;
  readonly freePorts: number;
}

export type Reply = Described | EndpointStats | 'done' | 'stopped' | MediaLoad | undefined;

export type ToMedia = { readonly call: number; readonly command: Command };
export type FromMedia =
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly call: number; readonly value: Reply }
  | { readonly type: 'failure'; readonly call: number; readonly failure: Failure }
  | { readonly type: 'digit'; readonly id: string; readonly digit: Digit }
  | { readonly type: 'silence'; readonly id: string; readonly watch: number }
  | {
      readonly type: 'log';
      readonly level: 'warn' | 'error';
      readonly message: string;
      readonly error: string;
    }
  | { readonly type: 'crash'; readonly message: string };
