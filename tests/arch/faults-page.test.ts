import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/first-release-faults.md'), 'utf8');
const rows = page.split('\n- **').slice(1);

/** What a row names and is not there. */
function missing(row: string): string[] {
  const named = [...row.matchAll(/`([^`]+\.test\.ts)` “([^”]+)”/g)];
  if (named.length === 0) return [`no test: ${row.slice(0, 40)}`];
  return named
    .filter(([, file = '', title = '']) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(title);
    })
    .map(([text]) => text);
}

describe('the page of the first release’s faults', () => {
  it('has a test for each of the 82, and each is there', () => {
    expect(new Set(rows.map((row) => row.slice(0, row.indexOf('**')))).size).toBe(82);
    expect(rows.flatMap(missing)).toEqual([]);
  });
});
