import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/platform/store/index.ts';
import { smallDisk } from '../support/small-disk.ts';

const MIB = 1024 * 1024;
const disk = smallDisk(96);

describe.skipIf(disk === undefined)('the store on a disk that fills up (needs the right to mount)', () => {
  afterAll(() => disk?.remove());
  const dir = disk?.dir ?? '';
  const ballast = join(dir, 'ballast');

  /** Another program's file takes all that is left. */
  function fillUp(): void {
    for (const size of [MIB, 4096])
      for (;;)
        try {
          writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
        } catch {
          break;
        }
  }

  const insert = (store: Store, n: number): Promise<unknown> =>
    store.connection.collection('things').insertOne({ _id: `n${n}`, pad: 'x'.repeat(20_000) } as never);

  it('says so with what is refused, keeps what was acknowledged, and is well again when there is room', async () => {
    const store = await openStore({ kind: 'embedded', dataDir: dir });
    try {
      expect(await store.health()).toEqual({ ok: true, engine: 'embedded' });
      let written = 0;
      await insert(store, written++);
      fillUp();
      let refused: unknown;
      while (refused === undefined)
        await insert(store, written++).catch((error: unknown) => (refused = error));
      expect(refused).toMatchObject({ code: 'store.full', status: 507 });
      const told = await store.health();
      expect(told.ok).toBe(false);
      expect(told.detail).toMatch(/new contacts, mails, changes and recordings are refused/);
      expect(await store.connection.collection('things').countDocuments()).toBe(written - 1);
      rmSync(ballast);
      await insert(store, written);
      expect(await store.health()).toEqual({ ok: true, engine: 'embedded' });
    } finally {
      await store.stop();
    }
  });
});
