import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Files of a folder and those below it whose name matches, by their path in it, with slashes. */
export const filesOf = (folder: string, name: RegExp): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
