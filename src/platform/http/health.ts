import type { HealthResult } from '../../contracts/engines.ts';
import type { Clock } from '../../shared/clock.ts';

export type { HealthResult } from '../../contracts/engines.ts';

export interface HealthCheck {
  /** e.g. store, sip, smtp, media, login. */
  readonly name: string;
  /** Without it calls, logins and mails still come in: told as FAILED, but no reason to take the server out of a balancer. */
  readonly optional?: boolean;
  check(): Promise<HealthResult>;
}

export interface EngineHealth extends HealthResult {
  readonly name: string;
  readonly optional: boolean;
}

export interface HealthReport {
  /** Every engine, the optional ones too. */
  readonly ok: boolean;
  /** Every engine that the service cannot do without. */
  readonly serving: boolean;
  readonly engines: readonly EngineHealth[];
}

export interface Health {
  register(check: HealthCheck): void;
  /** Runs every check at once, 2 s each at most. Answers are kept for 500 ms, so that probes cost little. */
  report(): Promise<HealthReport>;
}

const LIMIT_MS = 2000;
const KEEP_MS = 500;

export function createHealth(clock: Clock): Health {
  const checks: HealthCheck[] = [];
  let kept: { at: number; report: Promise<HealthReport> } | undefined;

  const runAll = async (): Promise<HealthReport> => {
    const engines = await Promise.all(
      checks.map(async (check) => ({
        name: check.name,
        optional: check.optional ?? false,
        ...(await limited(check, clock)),
      })),
    );
    return {
      ok: engines.every((engine) => engine.ok),
      serving: engines.every((engine) => engine.ok || engine.optional),
      engines,
    };
  };

  return {
    register: (check) => {
      checks.push(check);
      kept = undefined;
    },
    report: () => {
      if (kept === undefined || clock.steady() - kept.at >= KEEP_MS)
        kept = { at: clock.steady(), report: runAll() };
      return kept.report;
    },
  };
}

async function limited(check: HealthCheck, clock: Clock): Promise<HealthResult> {
  return new Promise((resolve) => {
    const timer = clock.after(LIMIT_MS, () =>
      resolve({ ok: false, detail: 'no answer in 2 s', facts: [{ says: 'noAnswer' }] }),
    );
    const done = (result: HealthResult): void => {
      timer.cancel();
      resolve({ ok: result.ok, detail: result.detail, facts: result.facts });
    };
    check
      .check()
      .then(done, () => done({ ok: false, detail: 'the check failed', facts: [{ says: 'checkFails' }] }));
  });
}

/** A line per engine, as `/readyz` prints it. A detail names addresses of this machine: left out for strangers. */
export function healthText(report: HealthReport, details: boolean): string {
  const lines = report.engines.map((engine) =>
    `${engine.name} ${engine.ok ? 'ok' : 'FAILED'} ${details ? engine.detail : ''}`
      .trim()
      .replace(/\s+/g, ' '),
  );
  return `${lines.join('\n')}\n`;
}
