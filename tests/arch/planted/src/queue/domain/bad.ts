// Planted: a pure room that reaches for I/O. The architecture check must refuse it (tests/arch/architecture.test.ts).
import { readFileSync } from 'node:fs';
import { secret } from '../../agents/store.ts';

export const bad = (): string => readFileSync(secret, 'utf8');
