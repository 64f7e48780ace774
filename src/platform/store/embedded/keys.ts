import type { Binary, ObjectId } from 'bson';
import { bytesOf, type Doc, numberOf, rank, rankOf } from './values.ts';

/**
 * Index keys whose byte order is MongoDB's value order, so that SQLite's memcmp on BLOBs sorts documents.
 * A component is its rank byte and a self-delimiting body; a descending one has all bytes inverted. No component starts with
 * 0xff, so `prefix + 0xff` is above every key with that prefix. The format is on disk: change it only with a migration.
 */
class KeyWriter {
  private bytes = Buffer.allocUnsafe(128);
  private length = 0;

  reset(): void {
    this.length = 0;
  }

  private room(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  private byte(value: number): void {
    this.room(1);
    this.bytes[this.length++] = value;
  }

  private number(value: number): void {
    this.room(8);
    this.bytes.writeDoubleBE(value === 0 ? 0 : value, this.length);
    const negative = ((this.bytes[this.length] as number) & 0x80) !== 0;
    // IEEE 754 sorts as an unsigned integer once the sign bit is turned (negative numbers: all bits).
    if (negative) this.invert(this.length, this.length + 8);
    else this.bytes[this.length] = (this.bytes[this.length] as number) ^ 0x80;
    this.length += 8;
  }

  private invert(from: number, to: number): void {
    for (let i = from; i < to; i++) this.bytes[i] = ~(this.bytes[i] as number) & 0xff;
  }

  /** UTF-8 with 00 as 00 ff, closed by 00 01. */
  private text(value: string): void {
    this.room(value.length * 3 + 2);
    if (value.includes('\0')) {
      for (const byte of Buffer.from(value)) {
        this.byte(byte);
        if (byte === 0) this.byte(0xff);
      }
    } else this.length += this.bytes.write(value, this.length, 'utf8');
    this.byte(0);
    this.byte(1);
  }

  private raw(value: Uint8Array): void {
    this.room(value.length + 4);
    this.bytes.writeUInt32BE(value.length, this.length);
    this.bytes.set(value, this.length + 4);
    this.length += value.length + 4;
  }

  private body(value: unknown, type: number): void {
    switch (type) {
      case rank.null:
        return;
      case rank.number: {
        const number = numberOf(value);
        if (Number.isNaN(number)) this.raw(new Uint8Array(4));
        else this.number(number);
        return;
      }
      case rank.string:
        this.text(value as string);
        return;
      case rank.boolean:
        this.byte(value ? 1 : 0);
        return;
      case rank.date:
        this.number((value as Date).getTime());
        return;
      case rank.objectId: {
        for (const byte of (value as ObjectId).id) this.byte(byte);
        return;
      }
      case rank.binary:
        this.raw(bytesOf(value as Binary));
        return;
      default:
        this.nested(value, type);
        return;
    }
  }

  private nested(value: unknown, type: number): void {
    if (type === rank.array) for (const item of value as unknown[]) this.add(item);
    else if (type === rank.object) {
      for (const [key, item] of Object.entries(value as Doc)) {
        this.byte(rankOf(item));
        this.text(key);
        this.add(item);
      }
    } else this.text(String(value));
    this.byte(0);
  }

  private add(value: unknown): void {
    const type = rankOf(value);
    this.byte(type);
    this.body(value, type);
  }

  component(value: unknown, descending: boolean): void {
    const start = this.length;
    this.add(value);
    if (descending) this.invert(start, this.length);
  }

  take(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length));
  }
}

/** Encodes values side by side. Not re-entrant: one encoder belongs to one thread's engine. */
export type KeyEncoder = (values: readonly unknown[], descending?: readonly boolean[]) => Buffer;

export function createKeyEncoder(): KeyEncoder {
  const writer = new KeyWriter();
  return (values, descending) => {
    writer.reset();
    for (let i = 0; i < values.length; i++) writer.component(values[i], descending?.[i] ?? false);
    return writer.take();
  };
}
