import { MAX_MESSAGE } from './flow.ts';

/** What a piece of a TCP stream contains (RFC 3261 §18.3, keep-alives of RFC 5626 §4.4.1). */
export type Frame = { readonly kind: 'message'; readonly text: string } | { readonly kind: 'ping' };

/** The stream cannot be understood any more; the connection has to be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

const HEADER_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n)/i;

/** Cuts a byte stream into messages by Content-Length. Each byte is looked at once, however small the pieces are. */
export class StreamFraming {
  private buffer: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  /** Up to here no end of the headers was found. */
  private searched = 0;
  /** Length of the message whose headers are complete. */
  private total: number | undefined;

  /** A message has begun and is not complete. */
  get unfinished(): boolean {
    return this.end > this.start && !isLineBreak(this.buffer[this.start]);
  }

  /** Throws FramingError when a message is too long or has no length, after those before it. */
  *push(chunk: Buffer): Generator<Frame, void> {
    this.append(chunk);
    for (let frame = this.next(); frame; frame = this.next()) yield frame;
  }

  private append(chunk: Buffer): void {
    const kept = this.end - this.start;
    if (this.start > 0 || this.end + chunk.length > this.buffer.length) {
      const room = Math.max(kept + chunk.length, kept === 0 ? 0 : this.buffer.length * 2);
      const larger = this.end + chunk.length > this.buffer.length ? Buffer.allocUnsafe(room) : this.buffer;
      this.buffer.copy(larger, 0, this.start, this.end);
      this.buffer = larger;
      this.searched = Math.max(0, this.searched - this.start);
      this.start = 0;
      this.end = kept;
    }
    chunk.copy(this.buffer, this.end);
    this.end += chunk.length;
  }

  private consume(bytes: number): void {
    this.start += bytes;
    this.searched = this.start;
    this.total = undefined;
  }

  private next(): Frame | undefined {
    if (this.total === undefined) {
      if (this.isPing()) {
        this.consume(4);
        return { kind: 'ping' };
      }
      this.skipLineBreaks();
      if (this.start === this.end) return undefined;
      this.total = this.measure();
    }
    const { total } = this;
    if (total === undefined || this.end - this.start < total) return undefined;
    const text = this.buffer.toString('utf8', this.start, this.start + total);
    this.consume(total);
    return { kind: 'message', text };
  }

  /** Bytes of the message that begins here, once its headers are complete. */
  private measure(): number | undefined {
    const bytes = this.buffer.subarray(0, this.end);
    const end = bytes.indexOf(HEADER_END, Math.max(this.start, this.searched - 3));
    if (end === -1) {
      if (this.end - this.start > MAX_MESSAGE) throw new FramingError('headers too long');
      this.searched = this.end;
      return undefined;
    }
    const length = CONTENT_LENGTH.exec(`${bytes.toString('latin1', this.start, end)}\r\n`)?.[1];
    if (length === undefined) throw new FramingError('no Content-Length');
    const total = end + 4 - this.start + Number(length);
    if (total > MAX_MESSAGE) throw new FramingError('message too long');
    return total;
  }

  private isPing(): boolean {
    return this.end - this.start >= 4 && this.buffer.subarray(this.start, this.start + 4).equals(HEADER_END);
  }

  /** Empty lines before a start line are ignored (§7.5); a lone CRLF may be half of a ping, so one is kept. */
  private skipLineBreaks(): void {
    let i = this.start;
    while (i < this.end && isLineBreak(this.buffer[i])) i++;
    const skipped = (i < this.end ? i : Math.max(this.start, this.end - 2)) - this.start;
    if (skipped > 0) this.consume(skipped);
  }
}

const isLineBreak = (byte: number | undefined): boolean => byte === 13 || byte === 10;
