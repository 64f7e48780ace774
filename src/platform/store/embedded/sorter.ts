import type { KeyEncoder } from './keys.ts';
import { reach } from './paths.ts';
import type { Sort } from './plan.ts';
import { type Candidate, decode } from './scan.ts';
import { compareValues, type Doc } from './values.ts';

/** Value of a sort field: the least element of an array ascending, the greatest descending. */
function sortValue(doc: Doc, path: string, direction: 1 | -1): unknown {
  const values = reach(doc, path.split('.')).flatMap((v) => (Array.isArray(v) ? (v as unknown[]) : [v]));
  return values.reduce((best, v) => (compareValues(v, best) * direction < 0 ? v : best), values[0]);
}

export const sortPart = (sort: Sort, doc: Doc): unknown[] =>
  sort.map(([path, direction]) => sortValue(doc, path, direction));

/** Bytes that compare as the documents do in this order. */
export const sortKey = (encode: KeyEncoder, sort: Sort, doc: Doc): Buffer =>
  encode(
    sortPart(sort, doc),
    sort.map(([, direction]) => direction < 0),
  );

/** Keeps candidates in order, no more than `keep` of them beyond a slack that bounds memory. */
export class Sorter {
  private items: { key: Buffer; order: number; candidate: Candidate }[] = [];
  private order = 0;
  private readonly encode: KeyEncoder;
  private readonly sort: Sort;
  private readonly keep: number;

  constructor(encode: KeyEncoder, sort: Sort, keep: number | undefined) {
    this.encode = encode;
    this.sort = sort;
    this.keep = keep ?? Number.POSITIVE_INFINITY;
  }

  add(candidate: Candidate): void {
    const key = sortKey(this.encode, this.sort, decode(candidate.bytes));
    this.items.push({ key, order: this.order++, candidate });
    if (this.items.length > Math.max(1000, this.keep * 2)) this.trim();
  }

  private trim(): void {
    this.items.sort((a, b) => Buffer.compare(a.key, b.key) || a.order - b.order);
    if (this.items.length > this.keep) this.items.length = this.keep;
  }

  take(): Candidate[] {
    this.trim();
    return this.items.map((item) => item.candidate);
  }
}
