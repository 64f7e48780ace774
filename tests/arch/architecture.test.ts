import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Report {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
}

function cruise(cwd: string, ...paths: string[]): Report {
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const result = spawnSync(process.execPath, [cli, ...paths, '--config', config, '--output-type', 'json'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(result.stdout) as Report;
}

describe('the rules of imports', () => {
  it('hold in the product, and the tool saw it', { timeout: 120_000 }, () => {
    const { summary } = cruise(root, 'src', 'softphone/src');
    expect(summary.totalCruised).toBeGreaterThan(100);
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
  });

  it('bite on a planted bad import', { timeout: 60_000 }, () => {
    const { summary } = cruise(join(root, 'tests/arch/planted'), 'src');
    const names = summary.violations
      .filter((v) => v.from.endsWith('queue/domain/bad.ts'))
      .map((v) => v.rule.name);
    expect(names).toContain('domain-is-pure');
    expect(names).toContain('modules-by-their-door');
  });
});
