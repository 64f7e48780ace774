import { describe, expect, it } from 'vitest';
import { combineAuth, simulatorUsername } from './simulator.ts';

const auth = (ha1: string) => ({ ha1: () => Promise.resolve([ha1]) });

describe("names of the simulator's phones", () => {
  const customer = simulatorUsername('+5511987654321');

  it('are the simulator’s where there is one, and nobody’s elsewhere, whoever of the company is called so', async () => {
    expect(await combineAuth(auth('simulator'), auth('person')).ha1(customer, 'ramal')).toEqual([
      'simulator',
    ]);
    expect(await combineAuth(undefined, auth('person')).ha1(customer, 'ramal')).toEqual([]);
    for (const simulator of [undefined, auth('simulator')])
      expect(await combineAuth(simulator, auth('person')).ha1('ana', 'ramal')).toEqual(['person']);
  });
});
