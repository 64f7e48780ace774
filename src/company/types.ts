import type { NumberPrefix } from '../shared/br/written-number.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { CalendarRules } from './domain/calendar.ts';

/** Anatel's classes of providers: what is duty and what is shown (domain.md, RGC). */
export type Regime = 'grande' | 'ppp' | 'micro';

export interface Company {
  readonly _id: CompanyId;
  /** Short name for people and files, e.g. exemplo. */
  readonly key: string;
  readonly name: string;
  /** IANA, e.g. America/Sao_Paulo. */
  readonly timeZone: string;
  readonly regime: Regime;
  readonly locale: 'pt-BR' | 'en';
  /** Two letters, for state holidays. */
  readonly state?: string;
  /** Where its people may call; without it Brazil, no premium numbers. */
  readonly dialing?: Dialing;
  readonly createdAt: Date;
}

export interface Dialing {
  /** Beginnings of E.164 numbers, e.g. +55. */
  readonly countries: readonly string[];
  readonly premium: boolean;
  /** Calls that one person may start in a minute. */
  readonly callsPerMinute: number;
}

interface Configured {
  readonly _id: string;
  readonly companyId: CompanyId;
  readonly active: boolean;
  readonly createdAt: Date;
}

export interface Did extends Configured {
  /** E.164; unique on the server. */
  readonly number: string;
  /** File in ivr-flows/, e.g. principal.yaml. */
  readonly flow: string;
  readonly description: string;
}

export interface Trunk extends Configured {
  readonly name: string;
  /** Literal addresses that calls come from. */
  readonly peers: readonly string[];
  /** Simultaneous calls that were bought. */
  readonly channels: number;
  readonly direction: 'inbound' | 'outbound' | 'both';
  readonly digest?: { readonly username: string; readonly sealedPassword: string };
  readonly registration?: Registration & { readonly sealedPassword: string };
  readonly outboundUri?: string;
  readonly proxy?: string;
  readonly prefixes?: readonly NumberPrefix[];
  readonly userPhone?: boolean;
  /** E.164, shown on outbound calls. */
  readonly callerId?: string;
  readonly callerIds?: readonly string[];
  readonly order?: number;
  readonly reserve?: number;
  readonly transports?: readonly ('udp' | 'tcp' | 'tls')[];
  readonly trustsAssertedIdentity: boolean;
}

/** We as a telephone of the carrier. */
interface Registration {
  readonly registrar: string;
  readonly username: string;
  readonly expiresS: number;
}

/** A trunk as the SIP edge and call control need it: with its password open. Fits voice's TrunkConfig and TrunkLine. */
export interface OpenTrunk {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly name: string;
  readonly channels: number;
  readonly direction: Trunk['direction'];
  readonly peers: readonly string[];
  readonly digest?: { readonly username: string; readonly password: string };
  readonly registration?: Registration & { readonly password: string };
  readonly proxy?: string;
  readonly prefixes?: readonly NumberPrefix[];
  readonly userPhone?: boolean;
  readonly outboundUri?: string;
  readonly callerId?: string;
  readonly callerIds?: readonly string[];
  readonly order?: number;
  readonly reserve?: number;
  readonly transports?: readonly ('udp' | 'tcp' | 'tls')[];
  readonly trustsAssertedIdentity: boolean;
}

export interface Calendar extends Configured, CalendarRules {
  /** Named by queues, e.g. comercial. */
  readonly key: string;
  readonly name: string;
}
