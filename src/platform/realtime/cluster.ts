import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../log/index.ts';

/** The Redis side of several copies: socket.io's adapter over two connections. */
export interface Cluster {
  readonly adapter: ReturnType<typeof createAdapter>;
  healthy(): boolean;
  stop(): Promise<void>;
}

/** Resolves when both connections stand. Errors: AppError `redis.unreachable` when Redis does not answer the first time. */
export async function joinCluster(url: string, log: Logger): Promise<Cluster> {
  const options = { lazyConnect: true, maxRetriesPerRequest: null, enableReadyCheck: true };
  const pub = new Redis(url, options);
  const sub = new Redis(url, options);
  let reason = '';
  for (const client of [pub, sub])
    client.on('error', (error: Error) => {
      reason = error.message;
      log.warn({ err: error }, 'redis connection of live updates');
    });
  try {
    await Promise.all([pub.connect(), sub.connect()]);
  } catch (error) {
    pub.disconnect();
    sub.disconnect();
    // ioredis rejects with "Connection is closed"; why is what its error event said.
    if (reason === '') reason = error instanceof Error ? error.message : String(error);
    throw new AppError('redis.unreachable', 503, `Redis does not answer: ${reason}`);
  }
  return {
    adapter: createAdapter(pub, sub, { key: 'ramal' }),
    healthy: () => pub.status === 'ready' && sub.status === 'ready',
    stop: async () => {
      await Promise.allSettled([pub.quit(), sub.quit()]);
    },
  };
}
