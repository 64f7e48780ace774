import type { AuditKind } from '../contracts/audit.ts';
import type { Role } from '../contracts/common.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';

export type Language = 'pt-BR' | 'en';

/** What a person can do beyond the queue's ordinary work; level 1 (a little) to 5 (best). */
export interface Skill {
  readonly name: string;
  readonly level: number;
}

/** A person who works with the product. `username` is unique on the server and is also the SIP user name. */
export interface User {
  readonly _id: AgentId;
  readonly companyId: CompanyId;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly queues: readonly string[];
  /** Missing in records of earlier versions: none. */
  readonly skills?: readonly Skill[];
  readonly language: Language;
  readonly email?: string;
  readonly active: boolean;
  readonly createdAt: Date;
}

export interface UserRecord extends User {
  readonly passwordHash: string;
}

export interface SessionRecord {
  /** Fingerprint of the token. */
  readonly _id: string;
  readonly companyId: CompanyId;
  readonly userId: AgentId;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

export interface ApiKeyRecord {
  readonly _id: string;
  readonly companyId: CompanyId;
  readonly name: string;
  readonly fingerprint: string;
  readonly role: Role;
  readonly queues: readonly string[];
  readonly scopes: readonly string[];
  readonly active: boolean;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface AuditRecord {
  readonly _id: string;
  readonly companyId: CompanyId;
  readonly at: Date;
  readonly actor: {
    readonly kind: 'user' | 'apiKey' | 'system';
    readonly id: string;
    readonly name: string;
    /** Client address; behind TRUST_PROXY the one that the proxy saw. */
    readonly address?: string;
  };
  /** One of the acts of contracts/audit.ts; older lines have others. */
  readonly action: string;
  /** Whether somebody only looked: most lines are that. */
  readonly kind: AuditKind;
  readonly target: { readonly kind: string; readonly id: string };
  /** Names of changed fields and plain facts; never secrets. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A password of minutes for one softphone: only its HA1 is kept (RFC 7616 §3.4.2). */
export interface SipCredentialRecord {
  readonly _id: string;
  readonly companyId: CompanyId;
  readonly userId: AgentId;
  /** The session that asked for it: they die together. */
  readonly sessionId?: string;
  readonly username: string;
  readonly realm: string;
  readonly ha1: string;
  readonly expiresAt: Date;
}

/** An address that a name came in from. */
export interface KnownAddress {
  /** Fingerprint of both. */
  readonly _id: string;
  readonly at: Date;
}

export interface LockRecord {
  /** Fingerprint of the name that was tried, whether it exists or not, and of where it was tried; or of the name alone. */
  readonly _id: string;
  /** Fingerprint of the name alone. */
  readonly name?: string;
  readonly attempts: readonly Date[];
  readonly lockedUntil?: Date;
  /** When an attempt was counted last; absent in those of an earlier release. */
  readonly touchedAt?: Date;
}
