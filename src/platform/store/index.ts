export { restoreWasCut } from './backup.ts';
export { openStore, type Store, type StoreHealth, type StoreOptions } from './store.ts';
