import { Linter, ESLint } from 'eslint';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const RULES = ['no-restricted-globals', 'no-restricted-imports', 'no-restricted-syntax'];

/** The rules of `file`, as the product's own configuration has them. */
async function rulesOf(file: string): Promise<Linter.RulesRecord> {
  const config = (await new ESLint({ cwd: root }).calculateConfigForFile(join(root, file))) as Linter.Config;
  return Object.fromEntries(
    RULES.flatMap((name) => (config.rules?.[name] ? [[name, config.rules[name]]] : [])),
  );
}
const findings = (rules: Linter.RulesRecord, code: string): number =>
  new Linter().verify(code, [
    { languageOptions: { globals: { setTimeout: false, setInterval: false } }, rules },
  ]).length;

const PLANTED = [
  'setTimeout(() => undefined, 5);',
  'setInterval(() => undefined, 5);',
  'globalThis.setTimeout(() => undefined, 5);',
  "import { setTimeout as sleep } from 'node:timers/promises';",
  "import { setInterval } from 'timers';",
  'export const at = Date.now();',
];

describe("the system's time and timers", { timeout: 60_000 }, () => {
  it.each(['src/queue/router.ts', 'src/queue/domain/matcher.ts', 'src/voice/media/ticker.ts', 'src/main.ts'])(
    'are refused in %s',
    async (file) => {
      const rules = await rulesOf(file);
      for (const code of PLANTED) expect([code, findings(rules, code)]).toEqual([code, 1]);
      expect(findings(rules, 'socket.setTimeout(5); clock.after(5, () => clock.now());')).toBe(0);
    },
  );

  it('are touched in one file', async () => {
    const rules = await rulesOf('src/shared/clock.ts');
    for (const code of PLANTED) expect(findings(rules, code)).toBe(0);
  });
});
