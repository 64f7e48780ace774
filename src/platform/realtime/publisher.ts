import type { ServerEvent, ServerEventName } from '../../contracts/realtime.ts';
import type { CompanyId } from '../../shared/ids.ts';

/** Who hears an event. queue: the operators of that queue, and the company's supervisors and admins. */
export type Audience =
  | { readonly kind: 'user'; readonly companyId: string; readonly userId: string }
  | { readonly kind: 'queue'; readonly companyId: string; readonly queueKey: string }
  | { readonly kind: 'supervisors'; readonly companyId: string }
  | { readonly kind: 'company'; readonly companyId: string };

/** Told events are numbered per user and replayed after a reconnect; nobody waits for delivery. */
export interface Publisher {
  toUser<N extends ServerEventName>(c: CompanyId, userId: string, event: N, payload: ServerEvent<N>): void;
  toQueue<N extends ServerEventName>(c: CompanyId, queueKey: string, event: N, payload: ServerEvent<N>): void;
  toSupervisors<N extends ServerEventName>(c: CompanyId, event: N, payload: ServerEvent<N>): void;
  toCompany<N extends ServerEventName>(c: CompanyId, event: N, payload: ServerEvent<N>): void;
}

export function createPublisher(
  publish: <N extends ServerEventName>(audience: Audience, event: N, payload: ServerEvent<N>) => void,
): Publisher {
  return {
    toUser: (companyId, userId, event, payload) =>
      publish({ kind: 'user', companyId, userId }, event, payload),
    toQueue: (companyId, queueKey, event, payload) =>
      publish({ kind: 'queue', companyId, queueKey }, event, payload),
    toSupervisors: (companyId, event, payload) => publish({ kind: 'supervisors', companyId }, event, payload),
    toCompany: (companyId, event, payload) => publish({ kind: 'company', companyId }, event, payload),
  };
}
