import { deserialize } from 'bson';
import type { Plan, Range } from './plan.ts';
import type { Row, Sql } from './sql.ts';
import type { Doc } from './values.ts';

/** A stored document as it comes from the disk; decoded only when somebody looks inside. */
export interface Candidate {
  readonly rid: number;
  /** Index key, empty in a scan of the whole table. */
  readonly key: Buffer;
  readonly bytes: Buffer;
  /** Bytes of the key that every key of its range shares. */
  readonly prefix: number;
}

/** Where a scan goes on: the first document after this key (without the range's prefix) and row. */
export interface Position {
  readonly suffix: Buffer;
  readonly rid: number;
}

export const decode = (bytes: Uint8Array): Doc => deserialize(bytes);

/**
 * Reads one range in order by small queries. An open SQLite cursor would hold back the write-ahead log's
 * checkpoint for as long as its reader dawdles; a key to go on from holds nothing.
 */
class RangeReader {
  private rows: Row[] = [];
  private at = 0;
  private chunk: number;
  private ended = false;
  private low: Buffer;
  private high: Buffer;
  private rid: number;
  private readonly sql: Sql;
  private readonly text: string;
  private readonly reverse: boolean;
  readonly prefix: number;

  constructor(sql: Sql, text: string, range: Range, reverse: boolean, chunk: number, after?: Position) {
    this.sql = sql;
    this.text = text;
    this.reverse = reverse;
    this.chunk = chunk;
    this.prefix = range.prefix;
    this.low = range.low;
    this.high = range.high;
    this.rid = reverse ? 0 : -1;
    if (after !== undefined)
      this.goOn(Buffer.concat([range.low.subarray(0, range.prefix), after.suffix]), after.rid);
  }

  private goOn(key: Buffer, rid: number): void {
    if (this.reverse) this.high = key;
    else this.low = key;
    this.rid = rid;
  }

  peek(): Candidate | undefined {
    if (this.at === this.rows.length) this.fill();
    const row = this.rows[this.at];
    return (
      row && { rid: row[0] as number, key: row[1] as Buffer, bytes: row[2] as Buffer, prefix: this.prefix }
    );
  }

  next(): void {
    this.at++;
  }

  private fill(): void {
    if (this.ended) return;
    this.rows = this.sql.all(this.text, this.low, this.rid, this.high, this.chunk);
    this.at = 0;
    this.ended = this.rows.length < this.chunk;
    const last = this.rows.at(-1);
    if (last !== undefined) this.goOn(last[1] as Buffer, last[0] as number);
    this.chunk = Math.min(this.chunk * 4, 512);
  }
}

/** SQL of a range: low key, row at the moving end, high key, count. */
function rangeText(table: string, plan: Plan): string {
  const { index, reverse } = plan;
  const order = reverse ? 'DESC' : 'ASC';
  if (index === undefined)
    return `SELECT rid, x'', doc FROM ${table} WHERE ?1 IS NOT NULL AND rid > ?2 AND ?3 IS NOT NULL ORDER BY rid LIMIT ?4`;
  if (index.table === '') {
    const low = reverse ? 'id >= ?1' : 'id >= ?1 AND (id > ?1 OR ?2 < 0)';
    return `SELECT rid, id, doc FROM ${table} WHERE ?2 IS NOT NULL AND ${low} AND id < ?3 ORDER BY id ${order} LIMIT ?4`;
  }
  // (k, rid) in one comparison lets SQLite seek straight to the place.
  const bounds = reverse ? 'i.k >= ?1 AND (i.k, i.rid) < (?3, ?2)' : '(i.k, i.rid) > (?1, ?2) AND i.k < ?3';
  return (
    `SELECT i.rid, i.k, c.doc FROM ${index.table} i CROSS JOIN ${table} c ON c.rid = i.rid ` +
    `WHERE ${bounds} ORDER BY i.k ${order}, i.rid ${order} LIMIT ?4`
  );
}

const everything: Range = { low: Buffer.alloc(0), high: Buffer.from([0xff]), prefix: 0 };

/** Counts what an operation looks at. */
export interface Meter {
  examined: number;
  /** The operation ends with TooMuch when it wants to look at more. */
  most: number;
}

/** The operation looked at more documents than it may here. */
export class TooMuch extends Error {}

export function look(meter: Meter): void {
  meter.examined++;
  if (meter.examined > meter.most) throw new TooMuch('looked at too many documents');
}

/** Documents of these rows, one by one. */
export function* fetchRows(sql: Sql, table: string, rids: readonly number[]): Generator<Candidate> {
  for (const rid of rids) {
    const row = sql.get(`SELECT doc FROM ${table} WHERE rid = ?`, rid);
    if (row !== undefined) yield { rid, key: Buffer.alloc(0), bytes: row[0] as Buffer, prefix: 0 };
  }
}

/**
 * Candidates of a plan in the plan's order; several ranges are merged by what follows their prefixes.
 * `expected` is how many the caller will probably take.
 */
export function* scan(
  sql: Sql,
  table: string,
  plan: Plan,
  expected: number,
  after?: Position,
): Generator<Candidate> {
  const text = rangeText(table, plan);
  const ranges = plan.index === undefined ? [everything] : plan.ranges;
  // Of many ranges each gives its share, not all that is wanted.
  const share = ranges.length === 1 ? expected : Math.ceil((2 * expected) / ranges.length);
  const chunk = Math.max(2, Math.min(share, 512));
  const readers = ranges.map((range) => new RangeReader(sql, text, range, plan.reverse, chunk, after));
  const seen = plan.index !== undefined && plan.index.multikey.size > 0 ? new Set<number>() : undefined;
  for (;;) {
    const reader = readers.length === 1 ? readers[0] : first(readers, plan);
    const candidate = reader?.peek();
    if (reader === undefined || candidate === undefined) return;
    reader.next();
    if (seen?.has(candidate.rid)) continue;
    seen?.add(candidate.rid);
    yield candidate;
  }
}

/** The reader whose next candidate comes first; without a served order simply the first that has one. */
function first(readers: readonly RangeReader[], plan: Plan): RangeReader | undefined {
  let best: RangeReader | undefined;
  let lead: Candidate | undefined;
  for (const reader of readers) {
    const candidate = reader.peek();
    if (candidate === undefined) continue;
    if (plan.sorted === 0) return reader;
    if (lead === undefined || compareCandidates(candidate, lead) < 0 !== plan.reverse) {
      best = reader;
      lead = candidate;
    }
  }
  return best;
}

function compareCandidates(a: Candidate, b: Candidate): number {
  const left = a.key.subarray(a.prefix);
  const right = b.key.subarray(b.prefix);
  return Buffer.compare(left, right) || a.rid - b.rid;
}
