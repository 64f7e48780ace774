import { randomBytes } from 'node:crypto';

/** Randomness as a port, so that simulations can replay a seed. */
export interface Random {
  bytes(n: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (n) => randomBytes(n) };
