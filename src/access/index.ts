export type { Principal } from '../platform/http/index.ts';
