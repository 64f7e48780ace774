import { MAX_MESSAGE } from './flow.ts';

/** What a piece of a TCP stream contains (RFC 3261 §18.3, keep-alives of RFC 5626 §4.4.1). */
export type Frame = { readonly kind: 'message'; readonly text: string } | { readonly kind: 'ping' };

/** The stream cannot be understood any more; the connection has to be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

const HEADER_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n)/i;

/** Cuts a byte stream into messages by Content-Length. */
export class StreamFraming {
  private pending: Buffer = Buffer.alloc(0);

  /** Throws FramingError when a message is too long or has no length, after those before it. */
  *push(chunk: Buffer): Generator<Frame, void> {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    for (let frame = this.next(); frame; frame = this.next()) yield frame;
  }

  private next(): Frame | undefined {
    if (this.pending.length >= 4 && this.pending.subarray(0, 4).equals(HEADER_END)) {
      this.pending = this.pending.subarray(4);
      return { kind: 'ping' };
    }
    this.skipLineBreaks();
    if (this.pending.length === 0) return undefined;
    const end = this.pending.indexOf(HEADER_END);
    if (end === -1) {
      if (this.pending.length > MAX_MESSAGE) throw new FramingError('headers too long');
      return undefined;
    }
    const length = CONTENT_LENGTH.exec(`${this.pending.toString('latin1', 0, end)}\r\n`)?.[1];
    if (length === undefined) throw new FramingError('no Content-Length');
    const total = end + 4 + Number(length);
    if (total > MAX_MESSAGE) throw new FramingError('message too long');
    if (this.pending.length < total) return undefined;
    const text = this.pending.toString('utf8', 0, total);
    this.pending = this.pending.subarray(total);
    return { kind: 'message', text };
  }

  /** Empty lines before a start line are ignored (§7.5); a lone CRLF may be half of a ping, so one is kept. */
  private skipLineBreaks(): void {
    let i = 0;
    while (this.pending[i] === 13 || this.pending[i] === 10) i++;
    if (i < this.pending.length) this.pending = this.pending.subarray(i);
    else if (this.pending.length > 2) this.pending = this.pending.subarray(this.pending.length - 2);
  }
}
