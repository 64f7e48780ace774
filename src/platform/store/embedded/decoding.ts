import mongoose from 'mongoose';
import { split } from './protocol.ts';

const { BSON } = mongoose.mongo;
type Doc = Record<string, unknown>;

/** Bytes that all reads together may decode in one turn of the main loop: one or two milliseconds. */
export const A_TURN = 64 * 1024;

/** Documents that lie end to end. */
export const decodeAll = (bytes: Uint8Array): Doc[] => split(bytes).map((doc) => BSON.deserialize(doc));

/**
 * Decodes long answers, several in turn, so many documents in a turn of the main loop that whoever waits for a write, a call or a
 * mail is heard between them.
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
    const all: Doc[] = [];
    for (const doc of split(bytes)) {
      await this.turn(doc.length);
      all.push(BSON.deserialize(doc));
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
