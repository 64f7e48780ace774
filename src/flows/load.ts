import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import type { Flow } from './domain/schema.ts';
import { parseFlow, type FlowFault } from './parse.ts';

export interface CheckedFile {
  readonly file: string;
  readonly flow: Flow | undefined;
  readonly faults: readonly FlowFault[];
}

/** Every *.yaml of a folder, or one file, checked. Two files with one flow name are a fault of the second. */
export async function checkFlows(path: string): Promise<CheckedFile[]> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path))
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const names = new Map<string, string>();
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const { flow, faults } = parseFlow(await readFile(file, 'utf8'), file);
    const twin = flow === undefined ? undefined : names.get(flow.name);
    if (flow !== undefined && twin === undefined) names.set(flow.name, file);
    const double: FlowFault[] =
      twin === undefined
        ? []
        : [{ file, line: 1, reason: `flow ${flow?.name ?? ''} is already in ${twin}`, level: 'error' }];
    checked.push({ file, flow: twin === undefined ? flow : undefined, faults: [...faults, ...double] });
  }
  return checked;
}

/**
 * Where flows are looked for: the company's own, in DATA_DIR/ivr-flows, win by name over those that come with the program and
 * that its next version replaces. A folder that is not there is left out.
 */
export async function flowFolders(dataDir: string, shipped: string): Promise<string[]> {
  const own = join(dataDir, 'ivr-flows');
  const there = await stat(own).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return there ? [own, shipped] : [shipped];
}

/** The flows of some folders by name, the first folder's before the next. Throws `flow.invalid` with all faults when one cannot be used. */
export async function loadFlows(...dirs: readonly string[]): Promise<Map<string, Flow>> {
  const checked = (await Promise.all(dirs.map((dir) => checkFlows(dir)))).reverse().flat();
  const faults = checked.flatMap((c) => c.faults).filter((f) => f.level === 'error');
  if (faults.length > 0) {
    const list = faults.map(formatFault);
    throw new AppError('flow.invalid', 422, `Flows have faults:\n${list.join('\n')}`, { faults: list });
  }
  return new Map(checked.flatMap(({ flow }) => (flow === undefined ? [] : [[flow.name, flow] as const])));
}

export const formatFault = (fault: FlowFault) =>
  `${fault.file}:${fault.line} ${fault.level === 'warning' ? 'warning: ' : ''}${fault.reason}`;
