import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { A_TURN, DecodingTurns } from './decoding.ts';

const { BSON } = mongoose.mongo;

/** So many documents of about one KiB, or `size` bytes, end to end. */
const answer = (count: number, from = 0, size = 1000): Uint8Array =>
  Buffer.concat(
    Array.from({ length: count }, (_, n) => BSON.serialize({ n: from + n, filler: 'x'.repeat(size) })),
  );

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** How many of these were done at the end of each turn of the loop, until all were. */
async function doneByTurn(work: readonly Promise<unknown>[]): Promise<number[]> {
  let done = 0;
  for (const each of work) void each.then(() => done++);
  const seen: number[] = [];
  for (let n = 0; done < work.length && n < 10_000; n++) {
    await turn();
    seen.push(done);
  }
  return seen;
}

describe('decoding in turns', () => {
  it('gives every document in its order, also those that are larger than a turn', async () => {
    const large = BSON.serialize({ n: 1, filler: 'x'.repeat(3 * A_TURN) });
    const bytes = Buffer.concat([BSON.serialize({ n: 0 }), large, answer(200, 2)]);
    const docs = await new DecodingTurns().decode(bytes);
    expect(docs.map((doc) => doc['n'])).toEqual(Array.from({ length: 202 }, (_, n) => n));
    expect(await new DecodingTurns().decode(new Uint8Array())).toEqual([]);
  });

  it('of one long answer leaves the loop free after each piece', async () => {
    const turns = new DecodingTurns();
    expect((await doneByTurn([turns.decode(answer(640))])).length).toBeGreaterThanOrEqual(9);
  });

  it('of many short answers takes no more a turn than of one long one', async () => {
    const turns = new DecodingTurns();
    const seen = await doneByTurn(Array.from({ length: 400 }, (_, n) => turns.decode(answer(1, n))));
    expect(seen.at(-1)).toBe(400);
    // The turn that began with this test has its share, too.
    const most = Math.max(...seen.map((now, n) => now - (seen[n - 1] ?? 0)));
    expect(most).toBeLessThanOrEqual((2 * A_TURN) / 1000);
  });

  it('lets a short answer pass a long one', async () => {
    const turns = new DecodingTurns();
    const order: string[] = [];
    const long = turns.decode(answer(2000)).then(() => order.push('long'));
    const short = turns.decode(answer(1)).then(() => order.push('short'));
    await Promise.all([long, short]);
    expect(order).toEqual(['short', 'long']);
  });

  it('keeps its place in the line: no piece passes those that came before it', async () => {
    for (const sizeOf of [() => 1000, (n: number) => (n % 2 === 0 ? 100 : 1000)]) {
      const turns = new DecodingTurns(1500);
      const order: number[] = [];
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => turns.decode(answer(1, n, sizeOf(n))).then(() => order.push(n))),
      );
      expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
    }
  });
});
