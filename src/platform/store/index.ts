export { restoreWasCut } from './backup.ts';
export { REMOVED_AT_ONCE, removeInBatches, takeInBatches } from './removing.ts';
export { changedOrMade, inserted, isDuplicate } from './unique.ts';
export { openStore, type Store, type StoreHealth, type StoreOptions } from './store.ts';
