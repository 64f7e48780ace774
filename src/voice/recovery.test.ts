import { describe, expect, it } from 'vitest';
import { silentLogger } from '../platform/log/index.ts';
import { err, ok } from '../shared/result.ts';
import { missLostCalls } from './recovery.ts';

describe('calls that a crash took', () => {
  it('each is missed; one that refuses is logged and not counted among those with a task', async () => {
    const warned: unknown[] = [];
    const told: string[] = [];
    const refusing = { code: 'interaction.conflict', state: 'active' };
    const missed = await missLostCalls({
      logger: { ...silentLogger(), warn: (fields: unknown) => void warned.push(fields) },
      interactions: {
        inStates: () => Promise.resolve(['a', 'b', 'c'].map((id) => ({ companyId: 'c1', id }))),
        apply: (_company: string, id: string, event: { type: string; cause: string }) => {
          told.push(`${id} ${event.type} ${event.cause}`);
          return Promise.resolve(id === 'b' ? err(refusing) : ok({}));
        },
      },
    } as unknown as Parameters<typeof missLostCalls>[0]);
    expect(told).toEqual(['a', 'b', 'c'].map((id) => `${id} missed serverRestart`));
    expect(missed).toBe(2);
    expect(warned).toEqual([{ interactionId: 'b', event: 'missed', ...refusing }]);
  });
});
