import { Binary, Long, ObjectId } from 'bson';

/** A document as BSON decodes it. */
export type Doc = Record<string, unknown>;

/**
 * Ranks of MongoDB's comparison order
 * (https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/). They are also the first byte of an
 * encoded index key, so they stay between 1 and 0xfe and are part of the disk format.
 */
export const rank = {
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  other: 60,
} as const;

export function isPlainObject(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function rankOf(value: unknown): number {
  if (value === null || value === undefined) return rank.null;
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return rank.number;
    case 'string':
      return rank.string;
    case 'boolean':
      return rank.boolean;
    default:
      break;
  }
  if (Array.isArray(value)) return rank.array;
  if (value instanceof Date) return rank.date;
  if (value instanceof ObjectId) return rank.objectId;
  if (value instanceof Binary || value instanceof Uint8Array) return rank.binary;
  if (value instanceof Long) return rank.number;
  return isPlainObject(value) ? rank.object : rank.other;
}

export function bytesOf(value: Binary | Uint8Array): Uint8Array {
  return value instanceof Binary ? value.buffer.subarray(0, value.position) : value;
}

/** Value of a number, a bigint or a BSON Long (loses what a double cannot hold, beyond 2^53). */
export function numberOf(value: unknown): number {
  return value instanceof Long ? value.toNumber() : Number(value);
}

function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * MongoDB's simple collation is memcmp on UTF-8, and so is the order of encoded keys. UTF-16 agrees with it unless
 * surrogates (d800–dfff, characters beyond the BMP) meet what stands above them.
 */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    if (left >= 0xd800 || right >= 0xd800) return Buffer.compare(Buffer.from(a), Buffer.from(b));
    return left - right;
  }
  return a.length - b.length;
}

function compareObjects(a: Doc, b: Doc): number {
  const left = Object.entries(a);
  const right = Object.entries(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [leftKey, leftValue] = left[i] as [string, unknown];
    const [rightKey, rightValue] = right[i] as [string, unknown];
    const byType = rankOf(leftValue) - rankOf(rightValue);
    const order = byType || compareStrings(leftKey, rightKey) || compareValues(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** MongoDB's total order of values; 0 means equal as `$eq` sees it. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  const left = rankOf(a);
  const right = rankOf(b);
  if (left !== right) return left - right;
  switch (left) {
    case rank.null:
      return 0;
    case rank.number:
      return compareNumbers(numberOf(a), numberOf(b));
    case rank.string:
      return compareStrings(a as string, b as string);
    case rank.boolean:
      return Number(a) - Number(b);
    case rank.date:
      return compareNumbers((a as Date).getTime(), (b as Date).getTime());
    case rank.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case rank.binary:
      return compareBinary(bytesOf(a as Binary), bytesOf(b as Binary));
    case rank.array:
      return compareArrays(a as unknown[], b as unknown[]);
    case rank.object:
      return compareObjects(a as Doc, b as Doc);
    default:
      return compareStrings(String(a), String(b));
  }
}

/** BSON order: length first, then bytes. */
function compareBinary(a: Uint8Array, b: Uint8Array): number {
  return a.length - b.length || Buffer.compare(a, b);
}

export const equalValues = (a: unknown, b: unknown): boolean =>
  typeof a === 'string' ? a === b : compareValues(a, b) === 0;
