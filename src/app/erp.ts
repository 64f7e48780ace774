import {
  createContexts,
  createErpHttp,
  createSampleConnector,
  createSections,
  type ContextService,
  type Sections,
  type ErpSubscriber,
  type LookupKey,
} from '../erp/index.ts';
import type { Clock } from '../shared/clock.ts';

export interface Erps {
  readonly contexts: ContextService;
  sectionsOf(companyId: string): Sections | undefined;
  ask(companyId: string, by: LookupKey, value: string): Promise<readonly ErpSubscriber[]> | undefined;
  /** The demo's own ERP, on loopback by the administrator's leave. */
  useSample(companyId: string, port: number): void;
  stop(): void;
}

/** Largest time that an ERP gets for one answer, ms (erp.md). */
const TIMEOUT_MS = 12_000;

/** One connector per company. */
export function createErps(clock: Clock): Erps {
  const byCompany = new Map<string, Sections>();
  const sectionsOf = (companyId: string) => byCompany.get(companyId);
  return {
    contexts: createContexts(sectionsOf),
    sectionsOf,
    ask: (companyId, by, value) => sectionsOf(companyId)?.find(by, value),
    useSample(companyId, port) {
      const http = createErpHttp({
        baseUrl: `http://127.0.0.1:${port}`,
        allowPrivate: true,
        timeoutMs: TIMEOUT_MS,
      });
      byCompany.set(companyId, createSections(createSampleConnector(http), clock));
    },
    stop() {
      for (const sections of byCompany.values()) sections.stop();
    },
  };
}
