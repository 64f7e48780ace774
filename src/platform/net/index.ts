export { type Connection, type ConnectionLimits, createConnectionLimits } from './connection-limits.ts';
