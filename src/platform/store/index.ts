export { restoreWasCut } from './backup.ts';
export { inserted, isDuplicate } from './unique.ts';
export { openStore, type Store, type StoreHealth, type StoreOptions } from './store.ts';
