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

/** The flows of a folder by name. Throws `flow.invalid` with all faults when one of them cannot be used. */
export async function loadFlows(dir: string): Promise<Map<string, Flow>> {
  const checked = await checkFlows(dir);
  const faults = checked.flatMap((c) => c.faults).filter((f) => f.level === 'error');
  if (faults.length > 0) {
    const list = faults.map(formatFault);
    throw new AppError('flow.invalid', 422, `Flows have faults:\n${list.join('\n')}`, { faults: list });
  }
  return new Map(checked.flatMap(({ flow }) => (flow === undefined ? [] : [[flow.name, flow] as const])));
}

export const formatFault = (fault: FlowFault) =>
  `${fault.file}:${fault.line} ${fault.level === 'warning' ? 'warning: ' : ''}${fault.reason}`;
