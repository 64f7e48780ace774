import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { AuditRecord } from './types.ts';

/** What the administration of people and keys asks of other rooms. */
export interface AccessAdminDeps {
  /** Every scope that some door asks for. */
  readonly scopes: () => readonly string[];
  /** Does the company have this queue, active or not? */
  readonly queueExists: (companyId: string, key: string) => boolean;
  /** What people call a thing of the company, or undefined: a person, a queue, a contact, a number. */
  readonly nameOf?: (companyId: CompanyId, target: AuditRecord['target']) => Promise<string | undefined>;
}

/** Whoever is given a queue that is not there would wait for its work for ever. `before`: what stands may stay. */
export function assertQueues(
  { queueExists }: AccessAdminDeps,
  companyId: string,
  wanted: readonly string[],
  before: readonly string[] = [],
): void {
  const queues = wanted.filter((key) => !before.includes(key) && !queueExists(companyId, key));
  if (queues.length === 0) return;
  throw new AppError('queue.unknown', 422, `There is no such queue: ${queues.join(', ')}.`, {
    queues,
    fields: ['queues'],
  });
}
