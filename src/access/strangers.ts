import type { Clock } from '../shared/clock.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { AuditTrail } from './audit.ts';

/** At most this many lines an hour: whoever tries a million names must not fill the trail. */
const MOST_PER_HOUR = 60;
const HOUR_MS = 3_600_000;

/** Two letters tell a typing error from a list; the whole is often a password in the wrong box (OWASP ASVS 5 §16.2). */
const masked = (name: string): string => `${Array.from(name).slice(0, 2).join('').replace(/\p{C}/gu, '?')}…`;

/**
 * Names that nobody has, tried at the login. They belong to no company: whoever installed the server sees them, in the trail
 * of the first one, some an hour, and then how many more there were.
 */
export function createStrangers(deps: {
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly first: () => CompanyId | undefined;
}): (name: string, address: string | undefined, locks: boolean) => void {
  let since = 0;
  let lines = 0;
  let more = 0;
  return (name, address, locks) => {
    const companyId = deps.first();
    if (companyId === undefined) return;
    const now = deps.clock.now();
    const unseen = more;
    if (now - since >= HOUR_MS) [since, lines, more] = [now, 0, 0];
    if (lines >= MOST_PER_HOUR) {
      more += 1;
      return;
    }
    const data = {
      name: masked(name),
      length: name.length,
      locks,
      ...(address === undefined ? {} : { address }),
      ...(lines === 0 && unseen > 0 ? { unseen } : {}),
    };
    lines += 1;
    // Not waited for: the answer must not tell by its time that nobody has the name. The store's own health tells of a failure.
    deps.audit
      .record(
        { system: 'login', companyId },
        { action: 'auth.unknown', target: { kind: 'user', id: '-' }, data },
      )
      .catch(() => undefined);
  };
}
