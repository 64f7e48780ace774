import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SectionName } from '../contracts/context.ts';
import { parseDocument } from '../shared/br/documents.ts';
import { parsePhone } from '../shared/br/phone.ts';
import type { Clock } from '../shared/clock.ts';
import {
  createContexts,
  createErpHttp,
  createSampleConnector,
  createSections,
  sampleSubscribers,
} from './index.ts';
import { createSampleErp } from './sample/server.ts';

let server: Server;
let base: string;
let now: number;
const clock: Clock = { now: () => now, steady: () => now, after: () => ({ cancel: () => undefined }) };

beforeEach(async () => {
  now = Date.UTC(2026, 10, 22);
  server = createSampleErp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const control = (wish: object) => fetch(`${base}/_control`, { method: 'PUT', body: JSON.stringify(wish) });
const connect = (timeoutMs = 500) =>
  createSections(
    createSampleConnector(createErpHttp({ baseUrl: base, allowPrivate: true, timeoutMs })),
    clock,
  );
const maria = { customerId: 'x', externalId: '1001', candidates: [] };

describe('the sample ERP', () => {
  it('has 200 subscribers with valid documents and phones, a shared mobile among them', () => {
    const all = sampleSubscribers();
    expect(all).toHaveLength(200);
    for (const s of all) {
      expect(parseDocument(s.documento), s.documento).toBeDefined();
      expect(parsePhone(s.telefones[0] ?? '')?.kind, s.telefones[0]).toBe('mobile');
    }
    expect(new Set(all.map((s) => s.documento)).size).toBe(200);
    expect(new Set(all.map((s) => s.telefones[0])).size).toBe(199);
  });

  it('finds Maria by phone, document and e-mail, without the password that the ERP answers', async () => {
    const sections = connect();
    for (const [by, value] of [
      ['phone', '+5511987654321'],
      ['document', '529.982.247-25'],
      ['email', 'maria@cliente.test'],
    ] as const) {
      const found = await sections.find(by, value);
      expect(found).toMatchObject([{ externalId: '1001', name: 'Maria Souza', document: '52998224725' }]);
      expect(JSON.stringify(found)).not.toContain('nao-mostrar');
    }
  });
});

describe('the context', () => {
  it('arrives section by section, the overdue bill among them', async () => {
    const contexts = createContexts(() => connect());
    const seen: SectionName[] = [];
    const context = await contexts.load('c', maria, (name) => seen.push(name));
    expect(seen).toHaveLength(6);
    expect(context.sections.contracts.data).toHaveLength(2);
    expect(context.sections.invoices.data?.filter((i) => i.status === 'overdue')).toHaveLength(1);
    expect(context.sections.customer.data?.documentMasked).toBe('***.982.247-**');
  });

  it('says what failed: HTML with 200, errors, a dead host, a slow one', async () => {
    for (const [wish, code] of [
      [{ mode: 'html' }, 'erp.badAnswer'],
      [{ mode: 'error' }, 'erp.refused'],
      [{ mode: 'dead' }, 'erp.unreachable'],
      [{ mode: 'ok', delayMs: 5000 }, 'erp.timeout'],
    ] as const) {
      await control(wish);
      const context = await createContexts(() => connect(200)).load('c', maria, () => undefined);
      expect(context.sections.invoices, code).toMatchObject({ state: 'failed', error: { code } });
    }
  });

  it('shows the last answer as stale with its time when the ERP dies, and fresh answers are not asked again', async () => {
    const sections = connect();
    const contexts = createContexts(() => sections);
    await contexts.load('c', maria, () => undefined);
    await control({ mode: 'dead' });
    expect((await contexts.load('c', maria, () => undefined)).sections.invoices.state).toBe('ok');
    const fetchedAt = new Date(now).toISOString();
    now += 31_000;
    const invoices = (await contexts.load('c', maria, () => undefined)).sections.invoices;
    expect(invoices).toMatchObject({ state: 'stale', fetchedAt, error: { code: 'erp.unreachable' } });
    expect(contexts.snapshot('c', maria).sections.invoices.data).toBeDefined();
  });

  it('leaves a broken ERP alone for a moment, then tries again', async () => {
    const sections = connect();
    await control({ mode: 'error' });
    for (let i = 0; i < 3; i++) await sections.load('invoices', '1001');
    await control({ mode: 'ok' });
    expect((await sections.load('invoices', '1001')).error?.code).toBe('erp.circuitOpen');
    now += 6_000;
    expect((await sections.load('invoices', '1001')).state).toBe('ok');
  });

  it('refuses private addresses unless the administrator allowed them', async () => {
    const sections = createSections(
      createSampleConnector(createErpHttp({ baseUrl: base, allowPrivate: false, timeoutMs: 500 })),
      clock,
    );
    expect((await sections.load('invoices', '1001')).error?.code).toBe('erp.forbiddenAddress');
  });

  it.each([
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fec0::1]',
    '169.254.169.254',
    '100.64.0.1',
  ])('%s is an address of the own network, however it is written', async (host) => {
    const http = createErpHttp({ baseUrl: `http://${host}:1`, allowPrivate: false, timeoutMs: 500 });
    const asked = http.get('/', z.unknown(), new AbortController().signal);
    await expect(asked).rejects.toMatchObject({ code: 'erp.forbiddenAddress' });
  });
});
