import type { Role } from '../../contracts/common.ts';
import type { AgentId, CompanyId } from '../../shared/ids.ts';

/** Who is asking, as every edge sees it. Modules import it from `access/index.ts`. */
export interface Principal {
  /** The user; for an API key its own id, which no user has. */
  readonly userId: AgentId;
  readonly companyId: CompanyId;
  readonly name: string;
  readonly role: Role;
  /** Keys of the queues that this user works in. */
  readonly queues: readonly string[];
  readonly via: 'session' | 'apiKey';
  /** Scopes of an API key, e.g. `queues:read`; empty for a session. */
  readonly scopes: readonly string[];
  /** Which session or key, so that logout can end this one. */
  readonly credentialId: string;
  /** Client address of this request, as RequestInfo.ip; absent where no request is behind it. */
  readonly address?: string;
}
