import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

export interface ParsedMessage {
  method?: string;
  uri?: string;
  version: string;
  status?: number;
  reason?: string;
  headers: Record<string, string>;
  body?: string;
  payload?: { type?: string | null; content?: string }[];
}

export interface Parser {
  parseSipMessage(text: string, lazy: true): ParsedMessage | undefined;
}

/**
 * drachtio-srf's message parser in an environment of its own. The module asks `process.env` for each header that it reads
 * (DRACHTIO_PRESERVE_HEADER_NAMES): that is nearly half of the time of a parse, and a value meant for drachtio-srf would
 * keep header names from becoming lower case here.
 */
export function loadParser(): Parser {
  const require = createRequire(import.meta.url);
  const filename = require.resolve('drachtio-srf/lib/sip-parser/parser.js');
  const module = { exports: {} };
  const run = compileFunction(readFileSync(filename, 'utf8'), ['exports', 'require', 'module', 'process'], {
    filename,
  }) as (exports: object, require: NodeJS.Require, module: { exports: object }, process: object) => void;
  run(module.exports, createRequire(filename), module, { env: {} });
  return module.exports as Parser;
}
