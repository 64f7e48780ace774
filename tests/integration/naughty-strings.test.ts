import naughty from 'big-list-of-naughty-strings' with { type: 'json' };
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMail } from '../support/mail.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { type Field, type Operation, operationsOf, requestFor } from '../support/api-fields.ts';

/** The Big List, and what document stores and headers dislike. */
const STRINGS: readonly string[] = [
  ...new Set([
    ...naughty,
    '\u0000',
    'a\u0000b',
    '$ne',
    '__proto__',
    '\r\nSet-Cookie: x=1',
    '\ud800',
    'é'.repeat(800),
  ]),
];
/** Each field meets every twelfth string, each string every twelfth field; searching meets all. */
const STRIDE = 12;
const WHOLE = ['get /api/v1/customers'];
/** Password hashes cost 50 ms of CPU by design: routes that make one get few strings. */
const SLOW = /\/auth\/|\/setup$|\/admin\/users/;
const AT_ONCE = 24;

const encoded = (text: string): string => encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));

async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

describe('the Big List of Naughty Strings', () => {
  let product: Product;
  let token: string;
  let operations: Operation[];
  /** Existing ids by the route's collection, so that requests reach the handlers. */
  const known = new Map<string, string>();

  const ask = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(product.url + path, {
      method: method.toUpperCase(),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  beforeAll(async () => {
    product = await startProduct();
    token = await product.token('admin');
    await sendMail(product, { from: 'maria@cliente.test', subject: 'Sem sinal' });
    const { items } = await eventually(
      'a contact',
      () =>
        product.api<{ items: { id: string; protocol: string }[] }>('admin', 'GET', '/api/v1/interactions'),
      (answer) => answer.items.length > 0,
    );
    known.set('/api/v1/protocols/{number}', items[0]!.protocol);
    const document = await product.api('admin', 'GET', '/api/openapi.json');
    operations = operationsOf(document);
    for (const { path } of operations) {
      const [, list] = /^(.+)\/\{\w+\}/.exec(path) ?? [];
      if (list === undefined || known.has(path)) continue;
      const answer = await ask('get', list === '/api/v1/customers' ? `${list}?q=Maria` : list);
      const page = (await answer.json().catch(() => ({}))) as {
        items?: { id?: string; key?: string; role?: string }[];
      };
      // Of the people the operators: nobody changes who is asking.
      const one = page.items?.find((item) => item.role !== 'admin');
      known.set(path, one?.id ?? one?.key ?? 'none');
    }
  }, 90_000);
  afterAll(() => product.end());

  /** No 5xx, nothing as a page, no header of the caller's, and a refusal does not repeat what was sent. */
  async function judge(answer: Response, sent: string, what: string): Promise<string | undefined> {
    const text = await answer.text();
    if (answer.status >= 500) return `${what}: ${answer.status} ${text}`;
    if (answer.headers.get('set-cookie') !== null) return `${what}: a cookie`;
    if (/html|javascript|svg/.test(answer.headers.get('content-type') ?? '')) return `${what}: a page`;
    if (answer.headers.get('x-content-type-options') !== 'nosniff') return `${what}: may be sniffed`;
    if (answer.status >= 400 && sent.length > 5 && /[<>"'%;(]/.test(sent) && text.includes(sent))
      return `${what}: reflected in ${text}`;
    return undefined;
  }

  it('every string field of every route', async () => {
    const cases: { operation: Operation; field: Field; text: string }[] = [];
    let turn = 0;
    for (const operation of operations)
      for (const field of operation.fields) {
        turn++;
        const whole = WHOLE.includes(`${operation.method} ${operation.path}`);
        const step =
          SLOW.test(operation.path) && operation.method !== 'get' ? STRIDE * 3 : whole ? 1 : STRIDE;
        for (let i = turn % step; i < STRINGS.length; i += step)
          cases.push({ operation, field, text: STRINGS[i]! });
      }
    expect(operations.flatMap(({ fields }) => fields).length).toBeGreaterThan(120);
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    await inParallel(cases, async ({ operation, field, text }) => {
      const { path, body } = requestFor(operation, field, text, known.get(operation.path) ?? 'none');
      const answer = await ask(operation.method, path, body);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const what = `${operation.method} ${operation.path} ${field.where}:${field.path.join('.')} ${JSON.stringify(text.slice(0, 60))}`;
      const fault = await judge(answer, text, what);
      if (fault !== undefined) faults.push(fault);
    });
    expect(faults).toEqual([]);
    // Not all at the door: handlers and the store have seen them.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(300);
    expect(product.log()).not.toContain('"level":"error"');
    expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
  }, 180_000);

  it('names of attachments come back as names, never as headers', async () => {
    const bad: string[] = [];
    let taken = 0;
    await inParallel(STRINGS, async (name) => {
      const sent = await fetch(`${product.url}/api/v1/attachments?filename=${encoded(name)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        body: 'x',
      });
      if (sent.status >= 500) bad.push(`${JSON.stringify(name)}: ${sent.status}`);
      if (!sent.ok) return;
      taken++;
      const { id } = (await sent.json()) as { id: string };
      const got = await ask('get', `/api/v1/attachments/${id}`);
      const disposition = got.headers.get('content-disposition') ?? '';
      if (
        got.status >= 500 ||
        (got.ok && !disposition.startsWith('attachment')) ||
        got.headers.has('set-cookie')
      )
        bad.push(`${JSON.stringify(name)}: ${got.status} ${disposition}`);
      await got.arrayBuffer();
    });
    expect(taken).toBeGreaterThan(100);
    expect(bad).toEqual([]);
  }, 60_000);

  it('pages are the same whatever the address says', async () => {
    const page = await (await fetch(`${product.url}/primeiro-acesso`)).text();
    expect(page).toContain('<!doctype html>');
    const bad: string[] = [];
    await inParallel(STRINGS, async (text) => {
      for (const path of [
        `/primeiro-acesso?token=${encoded(text)}`,
        `/p/${encoded(text)}`,
        `/api/v1/${encoded(text)}`,
      ]) {
        const answer = await fetch(product.url + path);
        const got = await answer.text();
        const html = answer.headers.get('content-type')?.includes('html') === true;
        if (answer.status >= 500 || (html && got !== page)) bad.push(`${path}: ${answer.status}`);
      }
    });
    expect(bad).toEqual([]);
  }, 60_000);
});
