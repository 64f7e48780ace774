import type { CompanyId, CustomerId, ProtocolNumber } from '../../shared/ids.ts';
import type { ProtocolKind } from './number.ts';

export type ProtocolType = 'request' | 'complaint' | 'information' | 'cancellation';
export type ProtocolStatus = 'open' | 'answered' | 'closed' | 'cancelled';

const DAY_MS = 24 * 3_600_000;

/** Days to the answer, in calendar days (RGC, resolution 765/2023; decree 11.034/2022). */
export interface AnswerTerms {
  readonly complaintDays: number;
  readonly otherDays: number;
}
export const DEFAULT_TERMS: AnswerTerms = { complaintDays: 7, otherDays: 10 };

export interface StatusChange {
  readonly at: Date;
  readonly by: string;
  readonly from: ProtocolStatus;
  readonly to: ProtocolStatus;
  readonly reason?: string;
}

/** A numbered demand of a customer; holds one or many contacts. Never deleted. */
export interface Protocol {
  readonly number: ProtocolNumber;
  readonly companyId: CompanyId;
  readonly version: number;
  readonly kind: ProtocolKind;
  readonly template: number;
  /** The arrival that opened it: the same arrival never opens a second one. */
  readonly openKey: string;
  readonly customer: { readonly id: CustomerId; readonly name: string } | null;
  /** CPF or CNPJ, unmasked and uppercase, once known. */
  readonly document: string | null;
  readonly phones: readonly string[];
  readonly type: ProtocolType;
  readonly subject: string | null;
  readonly status: ProtocolStatus;
  readonly openedAt: Date;
  readonly deadline: Date;
  readonly lastTouchedAt: Date;
  readonly concludedAt: Date | null;
  /** Contacts that came under this number. */
  readonly interactions: number;
  readonly history: readonly StatusChange[];
}

export function deadlineOf(type: ProtocolType, openedAt: Date, terms: AnswerTerms): Date {
  const days = type === 'complaint' ? terms.complaintDays : terms.otherDays;
  return new Date(openedAt.getTime() + days * DAY_MS);
}

/** What an identified customer had open within this time is what the new contact is about (contract.md). */
export const JOIN_WINDOW_MS = DAY_MS;

/** A named number is joined while it is not concluded for good. */
export const joinable = ({ status }: Protocol): boolean => status === 'open' || status === 'answered';

export interface ProtocolPatch {
  readonly status?: ProtocolStatus;
  readonly type?: ProtocolType;
  readonly subject?: string;
  readonly reason?: string;
}

export type PatchRefusal = 'protocol.cancelNeedsReason' | 'protocol.cancelled';

/** The record after a change by hand. Cancelling needs a reason and is final; closing may be taken back. */
export function patched(
  protocol: Protocol,
  patch: ProtocolPatch,
  by: string,
  at: Date,
  terms: AnswerTerms,
): Protocol | PatchRefusal {
  const status = patch.status ?? protocol.status;
  const type = patch.type ?? protocol.type;
  if (protocol.status === 'cancelled') return 'protocol.cancelled';
  if (status === 'cancelled' && !patch.reason?.trim()) return 'protocol.cancelNeedsReason';
  const change: readonly StatusChange[] =
    status === protocol.status
      ? []
      : [
          {
            at,
            by,
            from: protocol.status,
            to: status,
            ...(patch.reason === undefined ? {} : { reason: patch.reason }),
          },
        ];
  return {
    ...protocol,
    version: protocol.version + 1,
    status,
    type,
    subject: patch.subject ?? protocol.subject,
    deadline: deadlineOf(type, protocol.openedAt, terms),
    concludedAt: status === 'open' || status === 'answered' ? null : (protocol.concludedAt ?? at),
    history: [...protocol.history, ...change],
  };
}
