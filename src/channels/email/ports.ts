import type { CompanyId, CustomerId, InteractionId } from '../../shared/ids.ts';

/** Who has this address, if exactly one customer has. The answer joins contacts, it proves nothing. */
export type CustomerByEmail = (
  companyId: string,
  address: string,
) => Promise<{ readonly id: CustomerId; readonly name: string } | null>;

/** The e-mail address of a customer, for protocol notices; undefined: none, or opted out. */
export type EmailOfCustomer = (companyId: string, customerId: string) => Promise<string | undefined>;

/** The queue in which the contact can wait: the wanted one, else another of the company; undefined: it has none. */
export type QueueFor = (
  contact: { readonly companyId: CompanyId; readonly id: InteractionId },
  wanted: string,
) => Promise<string | undefined>;

/** Since when the number is open and whose it is; null: no such number. */
export type ProtocolFacts = (
  companyId: CompanyId,
  number: string,
) => Promise<{ readonly openedAt: Date; readonly customerId: string | null } | null>;

/** IANA zone of a company, e.g. America/Sao_Paulo. */
export type TimeZoneOf = (companyId: string) => string;

/** What the channel needs of src/platform/jobs. */
export interface MailJobs {
  define(
    name: string,
    handler: (payload: unknown, meta: { readonly attempt: number; readonly key: string }) => Promise<void>,
  ): void;
  add(
    name: string,
    payload: unknown,
    options: { readonly key: string; readonly delayMs?: number },
  ): Promise<void>;
  /** Again and again, once for all copies of the process. */
  every(name: string, schedule: { readonly everyMs: number }): Promise<void>;
}
