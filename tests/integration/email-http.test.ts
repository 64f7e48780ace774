import { afterEach, describe, expect, it } from 'vitest';
import { emailRoutes } from '../../src/channels/email/index.ts';
import { createHealth, createHttpServer, type Principal } from '../../src/platform/http/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { AgentId } from '../../src/shared/ids.ts';
import { auditLines } from '../support/audit-lines.ts';
import { COMPANY, MAILBOX, MARIA, ends, endAll, rig } from './email-rig.ts';

afterEach(endAll);

describe('by HTTP', () => {
  const person = (role: Principal['role']): Principal => ({
    userId: role as AgentId,
    companyId: COMPANY,
    name: role,
    role,
    queues: ['suporte'],
    via: 'session',
    scopes: [],
    credentialId: 'x',
  });
  const audit = auditLines();
  async function web(r: Awaited<ReturnType<typeof rig>>) {
    const http = createHttpServer({
      host: '127.0.0.1',
      port: 0,
      authenticator: {
        authenticate: (token) =>
          Promise.resolve(
            token === 'stranger'
              ? { ...person('operator'), userId: 'x' as AgentId, queues: ['financeiro'] }
              : token === 'admin' || token === 'operator'
                ? person(token)
                : undefined,
          ),
      },
      audit,
      health: createHealth(systemClock),
      metrics: createMetrics(),
      log: silentLogger(),
      checkAnswers: true,
    });
    http.addRoutes(
      emailRoutes({
        email: r.email,
        simulator: true,
      }),
    );
    const { url } = await http.start();
    ends.push(() => http.stop(0));
    return async (
      path: string,
      init: { method?: string; json?: unknown; body?: string; as?: string } = {},
    ) => {
      const answer = await fetch(`${url}${path}`, {
        method: init.method ?? 'GET',
        headers: {
          authorization: `Bearer ${init.as ?? 'admin'}`,
          'content-type': init.json === undefined ? 'text/plain' : 'application/json',
        },
        ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
        ...(init.body === undefined ? {} : { body: init.body }),
      });
      const text = await answer.text();
      const type = answer.headers.get('content-type') ?? '';
      return {
        status: answer.status,
        headers: answer.headers,
        body: (type.includes('json') ? JSON.parse(text) : text) as never,
      };
    };
  }
  it('the simulator writes as the customer through the real port and reads what came back', async () => {
    const r = await rig();
    const call = await web(r);
    const sent = await call('/api/v1/simulator/mailbox', {
      method: 'POST',
      json: { from: MARIA, to: MAILBOX, subject: 'Oi', text: 'Ajuda' },
    });
    expect(sent.status).toBe(202);
    await r.settle();
    const { body } = await call(`/api/v1/simulator/mailbox?address=${MARIA}`);
    const [ack] = (body as { items: { id: string; kind: string; text: string }[] }).items;
    expect(ack).toMatchObject({ kind: 'acknowledgement' });
    await call('/api/v1/simulator/mailbox', {
      method: 'POST',
      json: { from: MARIA, to: MAILBOX, subject: 'Re', text: 'Mais', inReplyTo: ack!.id },
    });
    await r.settle();
    expect(await r.contacts()).toHaveLength(1);
    await r.take();
    await r.answer('Com cópia.', ['chefe@emp.test']);
    const copied = await call('/api/v1/simulator/mailbox?address=Chefe@emp.test');
    expect(copied.body).toMatchObject({ items: [{ to: MARIA, cc: ['chefe@emp.test'] }] });
    const refused = await call('/api/v1/simulator/mailbox', {
      method: 'POST',
      json: { from: MARIA, to: 'x@y.test', text: '' },
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'simulator.refused' } });
  });
  it('administrators set up mailboxes; nobody else does', async () => {
    const r = await rig();
    const call = await web(r);
    const path = '/api/v1/admin/mailboxes';
    const made = await call(path, {
      method: 'POST',
      json: { address: 'Financeiro@Exemplo.test', queue: 'financeiro', acknowledge: false },
    });
    expect(made).toMatchObject({ status: 201, body: { address: 'financeiro@exemplo.test', active: true } });
    expect((await call(path, { method: 'POST', json: { address: MAILBOX, queue: 'x' } })).status).toBe(409);
    expect((await call(path, { as: 'operator' })).status).toBe(403);
    const bad = await call(path, {
      method: 'POST',
      json: { address: 'a@b.test', queue: 'x', acknowledgeText: 'veja http://x.test {protocol}' },
    });
    expect(bad.status).toBe(400);
    await r.send({ to: 'financeiro@exemplo.test' });
    expect((await r.contacts())[0]).toMatchObject({ queue: 'financeiro' });
    expect(await r.out()).toEqual([]);
    const id = (made.body as { id: string }).id;
    expect((await call(`${path}/${id}`, { method: 'PATCH', json: { active: false } })).status).toBe(200);
    await expect(r.send({ to: 'financeiro@exemplo.test' })).rejects.toMatchObject({ responseCode: 550 });
    expect((await call(`${path}/set-aside`)).status).toBe(200);
  });
  it('mails set aside are an administrator’s to read, to save and to queue, and each of it is written down', async () => {
    const r = await rig();
    await r.send({ headers: { 'Auto-Submitted': 'auto-replied' }, text: 'Férias' });
    const call = await web(r);
    const path = '/api/v1/admin/mailboxes/set-aside';
    const [{ id } = { id: '' }] = ((await call(path)).body as { items: { id: string }[] }).items;
    audit.lines.length = 0;
    for (const [method, end] of [
      ['GET', ''],
      ['GET', '/original'],
      ['POST', '/queue'],
    ] as const)
      expect((await call(`${path}/${id}${end}`, { method, as: 'operator' })).status).toBe(403);
    expect(audit.lines).toEqual(
      ['GET', 'GET', 'POST'].map(
        (method, i) =>
          `operator access.refused route ${method} ${path}/{id}${['', '/original', '/queue'][i]}`,
      ),
    );
    audit.lines.length = 0;
    expect(await call(`${path}/${id}`)).toMatchObject({
      status: 200,
      body: { text: 'Férias', reason: 'autoReply' },
    });
    const original = await call(`${path}/${id}/original`);
    expect(original.headers.get('content-type')).toBe('application/octet-stream');
    expect(original.body).toContain('Auto-Submitted: auto-replied');
    const queued = await call(`${path}/${id}/queue`, { method: 'POST' });
    expect(queued.body).toEqual({ id, interactionId: (await r.contacts())[0]!.id });
    expect((await call(`${path}/${id}/queue`, { method: 'POST' })).status).toBe(409);
    expect(audit.lines).toEqual(
      ['mail.read', 'mail.original', 'mail.queue'].map((act) => `admin ${act} mail ${id}`),
    );
  });
  it('attachments come as files to save, for those who may see the contact; uploads go out with a message', async () => {
    const r = await rig();
    await r.send({
      attachments: [{ filename: 'x.html', content: '<script>1</script>', contentType: 'text/html' }],
    });
    const [contact] = await r.contacts();
    const [message] = await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] });
    const path = `/api/v1/attachments/${message!.attachments[0]!.id}`;
    const file = await (await web(r))(path, { as: 'operator' });
    expect(file).toMatchObject({ status: 200, body: '<script>1</script>' });
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
    const call = await web(r);
    expect((await call(path, { as: 'stranger' })).status).toBe(404);
    const original = `/api/v1/messages/${message!.id}/original`;
    const eml = await call(original, { as: 'operator' });
    expect(eml).toMatchObject({ status: 200, body: expect.stringContaining('filename=x.html') as string });
    expect(eml.headers.get('content-type')).toBe('message/rfc822');
    expect(eml.headers.get('content-disposition')).toMatch(/^attachment; filename=.*\.eml/);
    expect(eml.headers.get('x-content-type-options')).toBe('nosniff');
    expect(eml.headers.get('content-security-policy')).toContain('sandbox');
    expect(audit.lines.at(-1)).toBe(`operator mail.original mail ${message!.id}`);
    const gone = { status: 404, body: { code: 'mail.noOriginal' } };
    expect(await call(original, { as: 'stranger' })).toMatchObject(gone);
    expect(await call('/api/v1/messages/none/original')).toMatchObject(gone);
    const up = await call('/api/v1/attachments?filename=..%2Fnota.txt', { method: 'POST', body: 'conteúdo' });
    expect(up).toMatchObject({ status: 201, body: { filename: 'nota.txt' } });
    const upload = `/api/v1/attachments/${(up.body as { id: string }).id}`;
    expect((await call(upload)).status).toBe(200);
    // Not sent yet: nobody else's, whatever their queue.
    expect((await call(upload, { as: 'operator' })).status).toBe(404);
  });
});
