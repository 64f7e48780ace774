import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filtersWithoutValue } from '../../bench/lists-probes.ts';
import { auditActs, unauditedReasons } from '../../src/contracts/audit.ts';
import {
  type ApiDocument,
  type Attempt,
  createJudge,
  type Operation,
  operations,
} from '../support/openapi/operations.ts';
import { type Product, startProduct } from '../support/product.ts';

/** How many requests each operation gets, and which: more of them by hand, e.g. OPENAPI_RUNS=300 OPENAPI_SEED=7. */
const RUNS = Number(process.env['OPENAPI_RUNS'] ?? 8);
const SEED = Number(process.env['OPENAPI_SEED'] ?? 20261127);

/** Who would end the session that asks, or is there before anybody is. */
const ALONE = new Set(['postAuthLogin', 'postAuthLogout', 'postAuthPassword', 'postSetup']);
const ROLES = ['admin', 'admin', 'supervisor', 'ana'] as const;

describe("the API's document", () => {
  let product: Product;
  let document: ApiDocument;
  beforeAll(async () => {
    product = await startProduct();
    document = (await (await fetch(`${product.url}/api/openapi.json`)).json()) as ApiDocument;
  }, 60_000);
  afterAll(() => product.end());

  const each = (visit: (operation: Operation, name: string) => void): void => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods)) visit(operation, `${method} ${path}`);
  };

  it('is valid to a validator that is not ours', async () => {
    const { valid, errors } = await new Validator().validate(
      JSON.parse(JSON.stringify(document)) as Record<string, unknown>,
    );
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('has no filter of a list that the benchmark does not measure', () => {
    expect(filtersWithoutValue(document.paths)).toEqual([]);
  });

  it('has patterns that mean the same to every reader, whatever flags it reads them with', () => {
    const patterns: string[] = [];
    JSON.stringify(document, (key, value: unknown) => {
      if (key === 'pattern' && typeof value === 'string') patterns.push(value);
      return value;
    });
    expect(patterns.length).toBeGreaterThan(20);
    for (const pattern of new Set(patterns)) {
      expect(() => [new RegExp(pattern), new RegExp(pattern, 'u')], pattern).not.toThrow();
      // A flag behind a slash, or a class that only means something with one.
      expect(pattern).not.toMatch(/(^|[^\\])\/[a-z]*$|\\p\{/);
    }
  });

  it('says of each operation what the audit log is told, or one of few reasons why nothing', () => {
    const reasons: readonly string[] = Object.values(unauditedReasons);
    each((operation, name) => {
      const { 'x-audit': acts, 'x-unaudited': reason } = operation;
      expect([name, acts === undefined], name).toEqual([name, reason !== undefined]);
      if (acts === undefined) expect(reasons, name).toContain(reason);
      else for (const act of acts) expect(auditActs, name).toContain(act);
    });
  });

  it(`keeps its word whatever is sent: ${RUNS} requests to each operation, good and bad`, {
    timeout: 60_000 + RUNS * 20_000,
  }, async () => {
    const judge = createJudge(document);
    const faults = new Map<string, string>();
    const told = new Set<string>();
    const idsFor = await idsOf(product);
    for (const { method, path, operation, attempts } of operations(document)) {
      if (ALONE.has(operation.operationId)) continue;
      for (const [i, attempt] of attempts(idsFor(path), RUNS, SEED).entries()) {
        const token = await product.token(ROLES[i % ROLES.length] ?? 'admin');
        const answer = await send(product, method, attempt, token);
        const fault = judge(operation, answer);
        if (fault !== undefined)
          faults.set(`${method} ${path}: ${fault}`, `${attempt.path} ${attempt.body ?? ''}`.slice(0, 300));
        else if (answer.status < 300) for (const act of operation['x-audit'] ?? []) told.add(act);
      }
    }
    expect(Object.fromEntries(faults)).toEqual({});
    expect(product.log()).not.toMatch(/"level":(50|60)/);
    const silent: string[] = [];
    for (const act of told) {
      // Which of these a call became, only its room knows; what was refused was not done.
      if (/^(customer\.(chosen|confirmed|cleared)|.*\.refused)$/.test(act)) continue;
      const { items } = await product.api<{ items: unknown[] }>(
        'admin',
        'GET',
        `/api/v1/admin/audit?action=${act}`,
      );
      if (items.length === 0) silent.push(act);
    }
    expect(silent).toEqual([]);
    expect(told.size).toBeGreaterThan(10);
  });

  // The last: so much at once that a kept connection would not live through it.
  it('makes a client whose types compile', async () => {
    const text = astToString(await openapiTS(JSON.parse(JSON.stringify(document)) as never));
    const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true, fileName: 'api.ts' });
    expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
    each(({ operationId }) => expect(text).toContain(operationId));
  });
});

/** Things that are there, by the word before them in a path: of people only those who do not ask here. */
async function idsOf(product: Product): Promise<(path: string) => readonly string[]> {
  const pools = new Map<string, readonly string[]>();
  const lists = { interactions: '', customers: '?q=a', protocols: '', 'admin/queues': '', 'admin/dids': '' };
  const settings = { 'admin/trunks': '', 'admin/calendars': '', 'admin/mailboxes': '', 'admin/users': '' };
  for (const [list, question] of Object.entries({ ...lists, ...settings })) {
    const { items } = await product.api<{
      items: { id?: string; key?: string; number?: string; username?: string }[];
    }>('admin', 'GET', `/api/v1/${list}${question}`);
    const others = items.filter(
      ({ username }) => username === undefined || ['bruno', 'carla'].includes(username),
    );
    const ids = others.flatMap(({ id, key, number }) => id ?? key ?? number ?? []);
    pools.set(list.replace('admin/', ''), ids);
  }
  pools.set('agents', pools.get('users') ?? []);
  return (path) => pools.get(/([\w-]+)\/\{/.exec(path)?.[1] ?? '') ?? [];
}

async function send(
  { url }: Product,
  method: string,
  { path, type, body }: Attempt,
  token: string,
): Promise<{ status: number; contentType: string; text: string }> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined || method === 'GET' ? {} : { body }),
  });
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    text: await answer.text(),
  };
}
