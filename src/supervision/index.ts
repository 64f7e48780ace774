export { createBoard, type BoardDeps, type LiveBoard } from './board.ts';
export { createDay, type Day } from './day.ts';
export { type Formula, type WaitCounts } from './domain/service-level.ts';
export { startOfDay, type Stay } from './domain/stays.ts';
export { boardRoutes, boardSocket } from './http.ts';
