import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a program on PATH, or undefined. */
function find(...names: string[]): string | undefined {
  for (const name of names) {
    for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
      const file = join(dir, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  }
  return undefined;
}

function required(...names: string[]): string | undefined {
  const path = find(...names);
  // contract.md: with CI=true only MongoDB, drachtio and FreeSWITCH may be missing.
  if (path === undefined && process.env['CI'] === 'true')
    throw new Error(`CI needs the program ${names.join(' or ')}`);
  return path;
}

/** Outside programs that some tests drive; those tests are skipped by name where one is missing. */
export const programs = {
  get sipp() {
    return required('sipp');
  },
  get baresip() {
    return required('baresip');
  },
  get chromium() {
    return required('chromium', 'chromium-browser', 'google-chrome');
  },
  get redis() {
    return required('redis-server');
  },
  get mongod() {
    return process.env['MONGOD_BIN'] ?? find('mongod');
  },
};
