import type { Clock } from '../../shared/clock.ts';

export interface HealthResult {
  readonly ok: boolean;
  /** One short sentence, no personal data, no secrets. */
  readonly detail: string;
}

export interface HealthCheck {
  /** e.g. store, sip, smtp, media, login. */
  readonly name: string;
  check(): Promise<HealthResult>;
}

export interface HealthReport {
  readonly ok: boolean;
  readonly engines: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
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
      checks.map(async (check) => ({ name: check.name, ...(await limited(check, clock)) })),
    );
    return { ok: engines.every((engine) => engine.ok), engines };
  };

  return {
    register: (check) => {
      checks.push(check);
      kept = undefined;
    },
    report: () => {
      if (kept === undefined || clock.now() - kept.at >= KEEP_MS)
        kept = { at: clock.now(), report: runAll() };
      return kept.report;
    },
  };
}

async function limited(check: HealthCheck, clock: Clock): Promise<HealthResult> {
  return new Promise((resolve) => {
    const timer = clock.after(LIMIT_MS, () => resolve({ ok: false, detail: 'no answer in 2 s' }));
    const done = (result: HealthResult): void => {
      timer.cancel();
      resolve({ ok: result.ok, detail: result.detail });
    };
    check.check().then(done, () => done({ ok: false, detail: 'the check failed' }));
  });
}

/** A line per engine, as `/readyz` prints it. */
export function healthText(report: HealthReport): string {
  const lines = report.engines.map((engine) =>
    `${engine.name} ${engine.ok ? 'ok' : 'FAILED'} ${engine.detail}`.trim().replace(/\s+/g, ' '),
  );
  return `${lines.join('\n')}\n`;
}
