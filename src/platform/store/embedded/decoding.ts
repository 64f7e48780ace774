import mongoose from 'mongoose';

const { BSON } = mongoose.mongo;
type Doc = Record<string, unknown>;

/** Bytes that all reads together may decode in one turn of the main loop: one or two milliseconds. */
export const A_TURN = 64 * 1024;

interface Ends {
  /** First byte after the last document of the piece. */
  readonly end: number;
  readonly docs: readonly Uint8Array[];
}

/** Documents that lie end to end from `from` on, as many as fit into `most` bytes, at least one. */
function pieceOf(bytes: Uint8Array, from: number, most: number): Ends {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const docs: Uint8Array[] = [];
  let end = from;
  while (end < bytes.length) {
    const next = end + view.getInt32(end, true);
    if (docs.length > 0 && next - from > most) break;
    docs.push(bytes.subarray(end, next));
    end = next;
  }
  return { end, docs };
}

const decodePiece = (docs: readonly Uint8Array[]): Doc[] => docs.map((doc) => BSON.deserialize(doc));

/** Documents that lie end to end. */
export const decodeAll = (bytes: Uint8Array): Doc[] =>
  decodePiece(pieceOf(bytes, 0, Number.POSITIVE_INFINITY).docs);

/**
 * Decodes long answers piece by piece, the pieces of several answers in turn, so many in a turn of the main loop that whoever
 * waits for a write, a call or a mail is heard between them.
 */
export class DecodingTurns {
  private readonly line: { readonly bytes: number; readonly go: () => void }[] = [];
  private readonly most: number;
  private used = 0;
  private renewal: NodeJS.Immediate | undefined;

  constructor(most = A_TURN) {
    this.most = most;
  }

  async decode(bytes: Uint8Array): Promise<Doc[]> {
    if (bytes.length === 0) return [];
    const all: Doc[] = [];
    for (let from = 0; from < bytes.length; ) {
      const { end, docs } = pieceOf(bytes, from, this.most);
      await this.turn(end - from);
      for (const doc of decodePiece(docs)) all.push(doc);
      from = end;
    }
    return all;
  }

  private turn(bytes: number): Promise<void> {
    if (this.line.length > 0 || !this.fits(bytes))
      return new Promise((go) => {
        this.line.push({ bytes, go });
      });
    this.use(bytes);
    return Promise.resolve();
  }

  private fits(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.most;
  }

  private use(bytes: number): void {
    this.used += bytes;
    this.renewal ??= setImmediate(() => this.renew());
  }

  private renew(): void {
    this.renewal = undefined;
    this.used = 0;
    for (let next = this.line[0]; next !== undefined && this.fits(next.bytes); next = this.line[0]) {
      this.line.shift();
      this.use(next.bytes);
      next.go();
    }
  }
}
