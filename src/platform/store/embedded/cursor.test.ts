import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineClient, encode, startEngine } from './client.ts';
import { EmbeddedCursor, type FindOptions } from './cursor.ts';
import { A_TURN } from './decoding.ts';

const ROWS = 1_200;
const FILLER = 1_000;

describe('documents that a thread found', () => {
  let dir = '';
  let client: EngineClient;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ramal-cursor-'));
    const [file, lockFile] = [join(dir, 'x.db'), join(dir, 'x.lock')];
    client = await startEngine({ file, lockFile, checkpointPages: 4_000 });
    const docs = Array.from({ length: ROWS }, (_, n) => encode({ _id: n, filler: 'x'.repeat(FILLER) }));
    await client.callRaw('insert', 'c', Buffer.concat([Buffer.from([1]), ...docs]));
  });
  afterAll(async () => {
    await client.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const ways: [string, (cursor: EmbeddedCursor, into: unknown[]) => Promise<void>][] = [
    ['all at once', async (cursor, into) => void into.push(...(await cursor.toArray()))],
    [
      'one after another',
      async (cursor, into) => {
        for await (const doc of cursor) into.push(doc);
      },
    ],
    [
      'one after another, asked for each whether it is there',
      async (cursor, into) => {
        while (await cursor.hasNext()) into.push(await cursor.next());
      },
    ],
    [
      'the first by itself, then the rest',
      async (cursor, into) => {
        into.push(await cursor.next());
        into.push(...(await cursor.toArray()));
      },
    ],
  ];
  const windows: [FindOptions, number, number][] = [
    [{}, 0, ROWS],
    [{ batchSize: 7, limit: 20 }, 0, 20],
    [{ batchSize: 7, skip: 3, limit: 14 }, 3, 17],
  ];

  it.each(ways)('read %s are the same, in their order', async (_way, read) => {
    for (const [window, from, to] of windows) {
      const into: unknown[] = [];
      const options = { sort: { _id: 1 }, projection: { _id: 1 }, ...window };
      await read(new EmbeddedCursor(client, 'c', {}, options), into);
      expect(into).toEqual(Array.from({ length: to - from }, (_, n) => ({ _id: from + n })));
    }
  });

  it('for many who ask together are decoded in the turns of one', async () => {
    const asked = Array.from({ length: 400 }, () => client.call('find', 'c', { filter: {}, limit: 1 }));
    const answers = await Promise.all(asked);
    let done = 0;
    const decoded = answers.map((answer) => answer.inTurns().then(() => done++));
    const most: number[] = [];
    while (done < answers.length) {
      const before = done;
      await new Promise(setImmediate);
      most.push(done - before);
    }
    await Promise.all(decoded);
    // What began a turn may end in the next one.
    expect(Math.max(...most)).toBeLessThanOrEqual((2 * A_TURN) / FILLER);
  });
});
