import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../src/contracts/interaction.ts';
import { contacts } from '../support/contacts.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { sippCall } from '../support/sipp.ts';

const { sipp } = programs;
const NUMBER = '+551140004001';
const flowTo = (queue: string) =>
  `flow: vendas\nstart: oi\nnodes:\n  oi: { say: "{company.name}, vendas.", next: fila }\n  fila: { queue: ${queue} }\n`;

describe('nothing leads to a queue that is not there', () => {
  let product: Product;
  const dataDir = mkdtempSync(join(tmpdir(), 'ramal-queues-'));
  const own = join(dataDir, 'ivr-flows');

  beforeAll(async () => {
    // A flow of the company's own, in its data, where an update of the program does not touch it.
    mkdirSync(own);
    writeFileSync(join(own, 'vendas.yaml'), flowTo('vendas'));
    product = await startProduct({ DATA_DIR: dataDir, SEED: 'demo' });
  }, 90_000);
  afterAll(() => product.end());

  async function refused(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(product.url + path, {
      method,
      headers: {
        authorization: `Bearer ${await product.token('admin')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    const { status, code, queues, uses } = (await answer.json()) as Record<string, unknown>;
    return {
      status,
      code,
      ...(queues === undefined ? {} : { queues }),
      ...(uses === undefined ? {} : { uses }),
    };
  }

  it('numbers and mailboxes are refused while their queue does not exist, and a queue in use does not end', async () => {
    const wish = { number: NUMBER, flow: 'vendas.yaml' };
    const unknown = { status: 422, code: 'did.queueUnknown', queues: ['vendas'] };
    expect(await refused('POST', '/api/v1/admin/dids', wish)).toEqual(unknown);
    expect(
      await refused('POST', '/api/v1/admin/mailboxes', { address: 'v@exemplo.test', queue: 'naoexiste' }),
    ).toEqual({ status: 422, code: 'mailbox.queueUnknown', queues: ['naoexiste'] });

    await product.api('admin', 'POST', '/api/v1/admin/queues', { key: 'vendas', name: 'Vendas' });
    const did = await product.api<{ id: string }>('admin', 'POST', '/api/v1/admin/dids', wish);
    expect(await refused('PATCH', '/api/v1/admin/queues/vendas', { active: false })).toEqual({
      status: 409,
      code: 'queue.inUse',
      uses: [{ kind: 'did', name: NUMBER }],
    });
    expect(await refused('PATCH', '/api/v1/admin/queues/suporte', { active: false })).toEqual({
      status: 409,
      code: 'queue.inUse',
      uses: [
        { kind: 'did', name: '+551140004000' },
        { kind: 'mailbox', name: 'suporte@exemplo.test' },
      ],
    });

    const path = `/api/v1/admin/dids/${did.id}`;
    await product.api('admin', 'PATCH', path, { active: false });
    await product.api('admin', 'PATCH', '/api/v1/admin/queues/vendas', { active: false });
    expect(await refused('PATCH', path, { active: true })).toEqual(unknown);
    await product.api('admin', 'PATCH', '/api/v1/admin/queues/vendas', { active: true });
    await product.api('admin', 'PATCH', path, { active: true });
  });

  it.skipIf(sipp === undefined)(
    'a flow that was edited later does not strand its callers (sipp)',
    async () => {
      await product.stop();
      writeFileSync(join(own, 'vendas.yaml'), flowTo('sumida'));
      await product.start();
      expect(product.log()).toContain("a number's flow leads to missing queues");
      const peers = await product.api<{ items: { peers: string[] }[] }>(
        'admin',
        'GET',
        '/api/v1/admin/trunks',
      );
      expect(peers.items[0]?.peers).toEqual(['127.0.0.1']);
      const call = await sippCall(sipp ?? '', { sipPort: product.sipPort, called: NUMBER });
      try {
        const [contact] = await eventually(
          'the caller waits somewhere',
          () => contacts(product, 'channel=voice&state=queued'),
          (found) => found.length === 1,
        );
        expect(['suporte', 'financeiro', 'retencao', 'ouvidoria']).toContain(contact?.queue);
        const { timeline } = await product.api<{ timeline: TimelineEntry[] }>(
          'supervisor',
          'GET',
          `/api/v1/interactions/${contact?.id ?? ''}`,
        );
        expect(timeline.find(({ kind }) => kind === 'queue.missing')?.data).toMatchObject({
          queue: 'sumida',
          instead: contact?.queue,
        });
      } finally {
        call.stop();
      }
    },
    60_000,
  );
});
