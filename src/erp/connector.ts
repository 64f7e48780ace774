import type {
  erpConnection,
  erpContract,
  erpInvoice,
  erpOutage,
  erpTicket,
  erpCustomer,
} from '../contracts/context.ts';
import type { z } from 'zod';

/** A subscriber as an ERP tells it, normalised: documents unmasked, phones E.164, e-mails in lower case. */
export interface ErpSubscriber {
  readonly externalId: string;
  readonly name: string;
  readonly tradeName?: string;
  readonly document: string;
  readonly personType: 'PF' | 'PJ';
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  /** Further exact search keys: logins, contracts, serials, MACs. */
  readonly keys: readonly string[];
  readonly address?: string;
  readonly district?: string;
  readonly since?: string;
}

export interface ErpSections {
  customer: z.infer<typeof erpCustomer>;
  contracts: z.infer<typeof erpContract>[];
  invoices: z.infer<typeof erpInvoice>[];
  connection: z.infer<typeof erpConnection>[];
  tickets: z.infer<typeof erpTicket>[];
  outage: z.infer<typeof erpOutage>[];
}
export type ErpSection = keyof ErpSections;
export const ERP_SECTIONS: readonly ErpSection[] = [
  'customer',
  'contracts',
  'invoices',
  'connection',
  'tickets',
  'outage',
];

export type LookupKey = 'phone' | 'document' | 'email';

/**
 * One ERP behind one company. Every call may fail with an AppError of code `erp.timeout`, `erp.unreachable`,
 * `erp.badAnswer` (HTML with status 200, wrong shape) or `erp.refused`; none may hang beyond the signal.
 */
export interface ErpConnector {
  readonly kind: string;
  find(by: LookupKey, value: string, signal: AbortSignal): Promise<readonly ErpSubscriber[]>;
  section<S extends ErpSection>(name: S, externalId: string, signal: AbortSignal): Promise<ErpSections[S]>;
}
