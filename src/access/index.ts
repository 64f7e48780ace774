export type { Principal } from '../platform/http/index.ts';
export { type Access, type AccessDeps, createAccess } from './access.ts';
export type { AccessAdminDeps } from './admin-deps.ts';
export { accessAdminRoutes } from './admin.http.ts';
export type { AuditEntry, AuditTrail, SystemActor } from './audit.ts';
export {
  type Act,
  type Asker,
  may,
  type Place,
  reachOf,
  reachWords,
  sight,
  type Thing,
} from './domain/walls.ts';
export { authRoutes } from './http.ts';
export { createKeyCheck, type KeyCheck, wrongKey } from './key-check-store.ts';
export { createPasswords, type Passwords } from './passwords.ts';
export type { CompaniesPort, SessionEndHandler } from './ports.ts';
export { createSecrets, keptSecret, loadSecretKey, type Secrets } from './secrets.ts';
export { digestHa1, type SoftphoneAccount, type SoftphoneOptions } from './softphone.ts';
export type { Language, User } from './types.ts';
