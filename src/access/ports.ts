import type { CompanyId } from '../shared/ids.ts';

/** Companies as access needs them: the first administrator of an empty server needs one. */
export interface CompaniesPort {
  /** The only or oldest company; made when there is none. */
  ensureFirst(name: string): Promise<CompanyId>;
  exists(id: CompanyId): Promise<boolean>;
  /** The oldest: its administrators installed the server. */
  first(): CompanyId | undefined;
}

/** Told when a user may no longer speak: sockets close, registrations are dropped. */
export type SessionEndHandler = (end: {
  readonly companyId: CompanyId;
  readonly userId: string;
  readonly username: string;
  /** The one session that ended; undefined: all of this user. */
  readonly credentialId: string | undefined;
  /** HA1 of the softphone passwords that died with it: a registration that one of them opened ends too. */
  readonly softphones: readonly string[];
  readonly reason: 'logout' | 'expired' | 'password' | 'deactivated';
}) => void;
