import { setImmediate } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HOLD_EXPIRES_MS, holdStore, type StoreHold } from '../../src/platform/store/hold.ts';
import type { Store } from '../../src/platform/store/index.ts';
import type { AppError } from '../../src/shared/errors.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { createManualClock } from '../simulation/manual-time.ts';
import { storeEngines, titleOf } from '../support/stores.ts';

type Ask = (...about: unknown[]) => Promise<unknown>;

for (const engine of storeEngines())
  describe.skipIf(!engine.present)(titleOf('one server a store', engine), () => {
    let store: Store;
    const clock = createManualClock(Date.parse('2026-11-26T12:00:00Z'));
    const kept: StoreHold[] = [];
    /** Questions of all servers that have no answer yet. */
    let asking = 0;
    const counted = (connection: Connection): Connection => {
      const holds = connection.collection('holds') as unknown as Record<string, Ask>;
      const ask = (name: string): Ask => {
        return async (...about) => {
          asking++;
          try {
            return await holds[name]!(...about);
          } finally {
            asking--;
          }
        };
      };
      const names = ['insertOne', 'findOne', 'updateOne', 'deleteOne'];
      const asked = Object.fromEntries(names.map((name) => [name, ask(name)]));
      return { collection: () => asked } as unknown as Connection;
    };
    beforeAll(async () => {
      await engine.setUp();
      store = await engine.open();
    }, 60_000);
    afterEach(async () => {
      await Promise.all(kept.splice(0).map((hold) => hold.release()));
      await store.connection.collection('holds').deleteMany({});
    });
    afterAll(async () => {
      await store.stop();
      await engine.tearDown();
    });

    /** A server with its own timers: kill() is a crash. */
    function server() {
      const own = clock.fork();
      const lost: AppError[] = [];
      const holding = holdStore(counted(store.connection), {
        clock: own,
        random: systemRandom,
        onLost: (error) => void lost.push(error),
      });
      const state = { told: undefined as 'held' | AppError | undefined };
      holding.then(
        (hold) => {
          kept.push(hold);
          state.told = 'held';
        },
        (error: unknown) => {
          state.told = error as AppError;
        },
      );
      return { holding, lost, state, kill: () => own.kill() };
    }
    /** Answers of the store come in real time; what waits for the clock does not move it. */
    const answers = async (): Promise<void> => {
      do await setImmediate();
      while (asking > 0);
    };
    const pass = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 250) {
        clock.advance(250);
        await answers();
      }
    };

    it('refuses the second while the first lives, and says who that is', async () => {
      const first = server();
      await first.holding;
      const second = server();
      await answers();
      await pass(4_000);
      expect(second.state.told).toMatchObject({ code: 'store.held' });
      expect(String(second.state.told)).toContain(String(process.pid));
      await pass(HOLD_EXPIRES_MS);
      expect(first.lost).toEqual([]);
    });

    it('a clean stop frees it at once', async () => {
      await (await server().holding).release();
      const next = server();
      await next.holding;
      expect(next.state.told).toBe('held');
    });

    it('waits out a holder that crashed, and only so long', async () => {
      const first = server();
      await first.holding;
      await pass(5_000);
      first.kill();
      const second = server();
      await answers();
      await pass(HOLD_EXPIRES_MS - 1_000);
      expect(second.state.told).toBeUndefined();
      await pass(2_000);
      expect(second.state.told).toBe('held');
    });

    it('of several that wait for a dead one, one gets it', async () => {
      const dead = server();
      await dead.holding;
      dead.kill();
      const waiting = [server(), server(), server()];
      await answers();
      await pass(HOLD_EXPIRES_MS + 5_000);
      expect(waiting.filter(({ state }) => state.told === 'held')).toHaveLength(1);
      for (const { state } of waiting)
        if (state.told !== 'held') expect(state.told).toMatchObject({ code: 'store.held' });
    });

    it('whoever was replaced is told once, and takes nothing away from the new one', async () => {
      const frozen = server();
      const hold = await frozen.holding;
      const holds = store.connection.collection<{ _id: string; holder: string }>('holds');
      await holds.updateOne({ _id: 'server' }, { $set: { holder: 'another' } });
      await pass(5_000);
      expect(frozen.lost.map(({ code }) => code)).toEqual(['store.holdLost']);
      await hold.release();
      expect(await holds.findOne({ _id: 'server' })).toMatchObject({ holder: 'another' });
    });

    it('a wall clock that is set forward makes nobody dead', async () => {
      const first = server();
      await first.holding;
      clock.setWall(3_600_000);
      const second = server();
      await answers();
      await pass(4_000);
      expect(second.state.told).toMatchObject({ code: 'store.held' });
      expect(first.lost).toEqual([]);
    });
  });
