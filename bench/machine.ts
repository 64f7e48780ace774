import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program on PATH, or undefined. */
function onPath(name: string): string | undefined {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return join(dir, name);
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** Programs that references run in; undefined where this machine has none. */
export const references = {
  rtpengine: () => onPath('rtpengine'),
  sipp: () => onPath('sipp'),
  'redis-server': () => onPath('redis-server'),
  freeswitch: () => process.env['FREESWITCH_BIN'] ?? onPath('freeswitch'),
} as const;

export type Reference = keyof typeof references;

const FLAG: Record<Reference, string> = {
  rtpengine: '--version',
  sipp: '-v',
  'redis-server': '--version',
  freeswitch: '-version',
};

/** What a program says about itself; some say it on stderr, or with exit code 1 or 99. */
function versionOf(name: Reference): string {
  const path = references[name]();
  if (path === undefined) return 'missing';
  const { stdout, stderr } = spawnSync(path, [FLAG[name]], { encoding: 'utf8', timeout: 10_000 });
  const text = `${stdout}\n${stderr}`;
  return /v?\d+\.\d+[\w.+~-]*/.exec(text)?.[0] ?? 'unknown version';
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly references: Readonly<Record<Reference, string>>;
}

export function describeMachine(): Machine {
  const names = Object.keys(references) as Reference[];
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    references: Object.fromEntries(names.map((name) => [name, versionOf(name)])) as Record<Reference, string>,
  };
}

export function machineText(machine: Machine): string {
  const programs = Object.entries(machine.references).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}`,
    `references: ${programs.join(', ')}`,
  ].join('\n');
}
