import type { Reporter, TestModule } from 'vitest/node';

/** Names what did not run, by the group that says why: a total of skipped tests alone hides a missing program. */
export function skippedGroups(modules: readonly TestModule[]): string[] {
  const counts = new Map<string, number>();
  for (const module of modules)
    for (const test of module.children.allTests('skipped')) {
      const group = test.fullName.split(' > ').slice(0, -1).join(' > ');
      const name = `${module.relativeModuleId} > ${group === '' ? test.name : group}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  return [...counts].map(([name, count]) => `  ${count} × ${name}`).sort();
}

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const groups = skippedGroups(modules);
    if (groups.length > 0) console.log(`\nSkipped, by name:\n${groups.join('\n')}`);
  }
}
