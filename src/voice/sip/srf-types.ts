/**
 * The part of drachtio-srf that the edge uses, as it is in version 5: the package's own declarations miss
 * half of it (callbacks of send, dialog ids, auth).
 */
export interface SrfMessage {
  readonly body: string;
  get(name: string): string | undefined;
  has(name: string): boolean;
}

export interface SrfRequest extends SrfMessage {
  readonly method: string;
  readonly uri: string;
  readonly protocol: string;
  readonly source_address: string;
  readonly source_port: number;
  on(event: 'cancel', handler: () => void): unknown;
  on(event: 'response', handler: (response: SrfResponse, ack: () => void) => void): unknown;
  cancel(callback?: (error: unknown) => void): void;
}

export interface SrfResponse extends SrfMessage {
  readonly status: number;
  readonly reason: string;
  readonly finalResponseSent: boolean;
  send(status: number, reason?: string, options?: SendOptions, callback?: (error: unknown) => void): void;
}

export interface SendOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface SrfDialog {
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly local: { sdp: string; readonly contact?: string };
  readonly remote: { sdp: string };
  on(event: 'destroy', handler: (request: SrfRequest, reason?: string) => void): unknown;
  on(
    event: 'modify' | 'update' | 'info' | 'refer' | 'message' | 'publish' | 'subscribe' | 'register',
    handler: (request: SrfRequest, response: SrfResponse) => void,
  ): unknown;
  once(event: 'ack', handler: (request: SrfRequest) => void): unknown;
  /** Embedded only: whether the caller acknowledges a copy of our 200 within this time. */
  acknowledges?(waitMs: number): Promise<boolean>;
  destroy(options: { headers?: Record<string, string> }, callback: (error: unknown) => void): unknown;
  request(
    options: { method: string; headers?: Record<string, string>; body?: string },
    callback: (error: unknown, response: SrfResponse) => void,
  ): unknown;
}

export interface UacOptions {
  readonly localSdp: string;
  readonly headers: Record<string, string>;
  readonly proxy?: string;
  readonly auth?: { readonly username: string; readonly password: string };
}

export interface SrfLike {
  use(
    method: string,
    handler: (request: SrfRequest, response: SrfResponse, next: () => void) => void,
  ): unknown;
  createUAS(
    request: SrfRequest,
    response: SrfResponse,
    options: { localSdp: string; headers: Record<string, string> },
    callback: (error: unknown, dialog: SrfDialog) => void,
  ): unknown;
  createUAC(
    uri: string,
    options: UacOptions,
    progress: {
      cbRequest: (error: unknown, request: SrfRequest | undefined) => void;
      cbProvisional: (response: SrfResponse) => void;
      /** A challenge came, which is answered by itself; only the embedded server tells. */
      cbChallenged?: () => void;
    },
    callback: (error: unknown, dialog: SrfDialog) => void,
  ): unknown;
  /** A request outside of dialogs; its answer is the event `response`. */
  request(
    uri: string,
    options: {
      readonly method: string;
      readonly headers: Record<string, string>;
      readonly proxy?: string;
    },
    callback: (error: unknown, request: SrfRequest) => void,
  ): unknown;
}

/** What only the real one has. */
export interface RealSrf extends SrfLike {
  on(event: 'connect', handler: (error: Error | null, hostports: string) => void): unknown;
  on(event: 'error', handler: (error: Error) => void): unknown;
  connect(options: { host: string; port: number; secret: string }): unknown;
  disconnect(): void;
}
