import { hash, verify } from '@node-rs/argon2';

/** argon2id (algorithm 2), OWASP's second profile: 19 MiB, 2 passes, 1 lane. Runs off the main thread. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface Passwords {
  hash(password: string): Promise<string>;
  /** `undefined` (no such user) costs the same time as a wrong password and is false. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

/** `cheap`: for tests and bulk seeds only. */
export function createPasswords(options: { readonly cheap?: boolean } = {}): Passwords {
  const cost = options.cheap === true ? { ...COST, memoryCost: 64, timeCost: 1 } : COST;
  // Made at the first use, with the same cost as real ones.
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => hash(password, cost),
    verify: async (stored, password) => {
      decoy ??= hash('nobody has this password', cost);
      const matches = await verify(stored ?? (await decoy), password);
      return stored !== undefined && matches;
    },
  };
}
