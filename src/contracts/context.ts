import { z } from 'zod';
import { isoTime } from './common.ts';

/** The sections of a customer's file; each loads, ages and fails on its own. */
export const sectionName = z.enum(['customer', 'contracts', 'invoices', 'connection', 'tickets', 'outage']);
export type SectionName = z.infer<typeof sectionName>;

export const erpCustomer = z.object({
  externalId: z.string(),
  name: z.string(),
  /** Masked: ***.456.789-** */
  documentMasked: z.string(),
  personType: z.enum(['PF', 'PJ']),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  since: z.string().optional(),
  address: z.string().optional(),
  district: z.string().optional(),
});
export const erpContract = z.object({
  id: z.string(),
  plan: z.string(),
  status: z.enum(['active', 'blocked', 'reduced', 'pending', 'cancelled']),
  address: z.string().optional(),
  login: z.string().optional(),
});
export const erpInvoice = z.object({
  id: z.string(),
  contractId: z.string().optional(),
  amountCents: z.number().int(),
  dueOn: z.string(),
  status: z.enum(['open', 'overdue', 'paid', 'cancelled']),
  digitableLine: z.string().optional(),
  pixCode: z.string().optional(),
});
export const erpConnection = z.object({
  contractId: z.string().optional(),
  login: z.string(),
  online: z.boolean(),
  sinceAt: isoTime.optional(),
  lastDropAt: isoTime.optional(),
  dropReason: z.string().optional(),
  rxDbm: z.number().optional(),
});
export const erpTicket = z.object({
  id: z.string(),
  subject: z.string(),
  status: z.string(),
  openedAt: isoTime.optional(),
});
export const erpOutage = z.object({ district: z.string(), message: z.string(), sinceAt: isoTime.optional() });

const state = z.enum(['loading', 'ok', 'stale', 'failed']);
/** `atMs` age: `fetchedAt` is when the ERP said so. stale: shown from the cache while or because the ERP does not answer. */
const section = <T extends z.ZodType>(data: T) =>
  z.object({
    state,
    fetchedAt: isoTime.optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    data: data.optional(),
  });

export const customerContext = z.object({
  customerId: z.string().nullable(),
  /** Several subscribers on one phone or address: shown, never guessed. */
  candidates: z.array(z.object({ id: z.string(), name: z.string(), documentMasked: z.string().optional() })),
  sections: z.object({
    customer: section(erpCustomer),
    contracts: section(z.array(erpContract)),
    invoices: section(z.array(erpInvoice)),
    connection: section(z.array(erpConnection)),
    tickets: section(z.array(erpTicket)),
    outage: section(z.array(erpOutage)),
  }),
});
export type CustomerContext = z.infer<typeof customerContext>;
