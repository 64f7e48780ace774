import type { Mailboxes } from '../channels/email/index.ts';
import type { Directory } from '../company/index.ts';
import type { Interactions } from '../interactions/index.ts';
import type { Publisher } from '../platform/realtime/index.ts';
import type { Queues, QueueUse, Router } from '../queue/index.ts';
import type { CompanyId, InteractionId } from '../shared/ids.ts';

export interface QueueUsesDeps {
  readonly queues: Pick<Queues, 'get'>;
  readonly router: Pick<Router, 'live'>;
  readonly directory: Pick<Directory, 'dids'>;
  readonly mailboxes: Pick<Mailboxes, 'list'>;
  /** Queues that a number's flow can lead to, in the flow's order; none for an unknown flow. */
  readonly flowQueues: (file: string) => readonly string[];
}

/** Who counts on which queue: so that nothing leads to a queue that is not there. */
export interface QueueUses {
  serves(companyId: string, queue: string): boolean;
  /** Queues that the flow names and that nobody can wait in. */
  missing(companyId: string, flowFile: string): readonly string[];
  /** Numbers, mailboxes and waiting contacts that an end of this queue would strand. */
  of(companyId: string, queue: string): Promise<readonly QueueUse[]>;
}

const isServed = (queues: Pick<Queues, 'get'>, companyId: string, queue: string): boolean =>
  queues.get(companyId, queue)?.active === true;

export function createQueueUses(deps: QueueUsesDeps): QueueUses {
  const { queues, directory, flowQueues } = deps;
  const serves = (companyId: string, queue: string): boolean => isServed(queues, companyId, queue);
  return {
    serves,
    missing: (companyId, flowFile) => flowQueues(flowFile).filter((queue) => !serves(companyId, queue)),
    async of(companyId, queue) {
      const numbers = directory.dids(companyId).filter((did) => flowQueues(did.flow).includes(queue));
      const mailboxes = (await deps.mailboxes.list(companyId)).filter((m) => m.active && m.queue === queue);
      const { waiting } = deps.router.live(companyId, queue);
      return [
        ...numbers.map((did) => ({ kind: 'did', name: did.number }) as const),
        ...mailboxes.map((mailbox) => ({ kind: 'mailbox', name: mailbox.address }) as const),
        ...(waiting === 0 ? [] : [{ kind: 'waiting', name: String(waiting) } as const]),
      ];
    },
  };
}

/** Flows are files: one that was edited may lead where no queue is. Said at the start, before a caller finds out. */
export function warnOfMissingQueues(
  uses: Pick<QueueUses, 'missing'>,
  directory: Pick<Directory, 'companies' | 'dids'>,
  logger: { warn(fields: object, message: string): void },
): void {
  for (const company of directory.companies())
    for (const { number, flow } of directory.dids(company._id)) {
      const queues = uses.missing(company._id, flow);
      if (queues.length > 0) logger.warn({ number, flow, queues }, "a number's flow leads to missing queues");
    }
}

/** A queue that can take the contact: the wanted one, else another of the company; undefined when there is none. */
export type QueueFor = (
  contact: { readonly companyId: CompanyId; readonly id: InteractionId },
  wanted: string,
) => Promise<string | undefined>;

/**
 * Settings and flows change apart from each other, so a flow may name a queue that ended meanwhile: the contact goes where
 * somebody is, and the journal and the supervisors are told.
 */
export function createQueueFor(deps: {
  readonly queues: Pick<Queues, 'get' | 'list'>;
  /** How many people work in the queue. */
  readonly people: (companyId: string, queue: string) => number;
  readonly interactions: Pick<Interactions, 'record'>;
  readonly publisher: Pick<Publisher, 'toSupervisors'>;
}): QueueFor {
  const { queues, people } = deps;
  return async ({ companyId, id }, wanted) => {
    if (isServed(queues, companyId, wanted)) return wanted;
    const active = queues.list(companyId).filter((queue) => queue.active);
    const crew = (key: string): number => people(companyId, key);
    const instead = active.sort((a, b) => crew(b.key) - crew(a.key))[0]?.key;
    await deps.interactions.record(companyId, id, {
      kind: 'queue.missing',
      actor: { kind: 'system' },
      data: { queue: wanted, instead: instead ?? null },
    });
    const nameOf = (key: string): string => queues.get(companyId, key)?.name ?? key;
    const [queue, other] = [nameOf(wanted), instead === undefined ? undefined : nameOf(instead)];
    deps.publisher.toSupervisors(companyId, 'alert', {
      code: 'queue.missing',
      message:
        other === undefined
          ? `Um contato ia para a fila "${queue}", que não existe ou está desativada, e não há outra fila.`
          : `Um contato ia para a fila "${queue}", que não existe ou está desativada, e foi para "${other}".`,
      level: 'critical',
      queue,
      ...(other === undefined ? {} : { instead: other }),
    });
    return instead;
  };
}
