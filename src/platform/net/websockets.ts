import { type ServerOptions, WebSocketServer } from 'ws';

/** How long the other side has to answer our close frame (RFC 6455 §7.1.1), ms. */
export const CLOSE_GRACE_MS = 1_000;

/**
 * A WebSocket server whose connections end soon after it says so: the library would hold the socket of whoever ignores a close
 * frame for half a minute, and strangers' connections must not outlive their end (ADR 0016).
 */
export class PromptWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    const prompt: ServerOptions & { readonly closeTimeout: number } = {
      ...options,
      closeTimeout: CLOSE_GRACE_MS,
    };
    super(prompt);
  }
}
