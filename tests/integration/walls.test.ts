import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCommands } from '../../src/contracts/realtime.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { type Asker, asking, sendTo, type Side, twoCompanies } from '../support/two-companies.ts';
import { walls } from '../support/walls-table.ts';
import { askAs, standing, traces, walk, withoutQuestions } from '../support/walls-walk.ts';

const STRANGERS = ['admin', 'key', 'supervisor', 'norte', 'sul', 'sulKey'] as const;
/** People of the same company who work in the other queue. */
const NEIGHBOURS = ['sul', 'sulKey'] as const;

describe('nobody sees or changes what another company or another queue has', () => {
  let product: Product;
  let sides: readonly [Side, Side];
  let operations: readonly string[];
  beforeAll(async () => {
    product = await startProduct({ LOG_LEVEL: 'error' });
    sides = await twoCompanies(product);
    const { paths } = await product.api<{ paths: Record<string, Record<string, { security?: unknown }>> }>(
      'admin',
      'GET',
      '/api/openapi.json',
    );
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security !== undefined)
        .map(([method]) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
  }, 120_000);
  afterAll(() => product.end());

  const get = (asker: Asker, path: string) => askAs(product, asker, 'GET', { path });

  it('every operation of the API has its row, and no row is of a route that is gone', () => {
    expect(Object.keys(walls).sort()).toEqual([...operations].sort());
  });

  it('who belongs there finds every thing, and the walk sees a door that is open', async () => {
    for (const side of sides) {
      const { norte, admin, north, held, upload, ids } = side;
      for (const path of [
        `/interactions/${held.id}`,
        '/interactions',
        `/protocols/${held.protocol}`,
        `/protocols/${held.protocol}/dossier`,
        '/protocols',
        `/attachments/${held.file}`,
        `/attachments/${upload}`,
        '/queues',
        '/agents',
      ])
        expect((await get(norte, path)).text).toContain(north);
      expect((await get(norte, `/interactions/${held.id}/recording`)).status).toBe(200);
      for (const path of [
        'users',
        'mailboxes',
        'queues',
        'mailboxes/set-aside',
        `mailboxes/set-aside/${ids.setAside}`,
      ])
        expect((await get(admin, `/admin/${path}`)).text).toContain(north);
      for (const path of ['dids', 'trunks', 'calendars', 'api-keys'])
        expect((await get(admin, `/admin/${path}`)).text).toContain(side.canary);
      expect((await get(admin, `/customers/${side.customer}`)).status).toBe(
        side.company === 'exemplo' ? 200 : 404,
      );
    }
    const [target] = sides;
    const reads = Object.keys(walls).filter((name) => /^GET .*\{/.test(name));
    const seen = await walk(product, {
      target,
      from: target,
      askers: [target.admin],
      stranger: true,
      only: (name) => reads.includes(name),
    });
    expect(seen.length).toBeGreaterThan(reads.length);
  });

  it.each([0, 1] as const)(
    'company %i: strangers find no door',
    async (at) => {
      const target = sides[at];
      const from = sides[at === 0 ? 1 : 0];
      const before = await standing(product, target);
      const askers = STRANGERS.map((one) => from[one]);
      expect(await walk(product, { target, from, askers, stranger: true })).toEqual([]);
      expect(await standing(product, target)).toEqual(before);
    },
    60_000,
  );

  it.each([0, 1] as const)(
    'company %i: who works in another queue finds no door',
    async (at) => {
      const target = sides[at];
      const before = await standing(product, target);
      const askers = NEIGHBOURS.map((one) => target[one]);
      expect(await walk(product, { target, from: target, askers, stranger: false })).toEqual([]);
      expect(await standing(product, target)).toEqual(before);
    },
    60_000,
  );

  it('odd forms of a request open nothing and break nothing', async () => {
    const [target, { admin, norte }] = sides;
    const { held, waiting, ids } = target;
    const neighbour = target.sul;
    const marks = traces(target, true);
    const paths = [
      ...[
        held.id.toLowerCase(),
        `${held.id}%00`,
        `${held.id}%20`,
        ` ${held.id}`,
        '__proto__',
        'constructor',
      ].map((id) => `/interactions/${id}`),
      `/interactions/..%2Fadmin%2Fusers`,
      `/interactions/${held.id}%2Fmessages`,
      `//interactions/${held.id}`,
      `/interactions/${held.id}/`,
      `/interactions/none/../${held.id}`,
      `/interactions/%2e%2e/${held.id}`,
      `/interactions;id=${held.id}`,
      '/interactions?queue=norte&queue=sul',
      '/interactions?queue[]=norte',
      '/interactions?queue[$ne]=sul',
      '/interactions?agent[$exists]=true',
      '/interactions?visibleTo=all&companyId=x',
      `/interactions?cursor=${waiting.id}&order=oldest`,
      `/interactions?cursor=~&companyId=${target.companyId}`,
      `/protocols?within=queue:norte&number=${held.protocol}`,
      `/protocols?number=${target.companyId}:${held.protocol}`,
      `/protocols/${target.companyId}:${held.protocol}`,
      `/attachments/${held.file}~${held.id}`,
      `/attachments/${held.file.toLowerCase()}`,
      `/attachments/..%2F..%2Fmain.db`,
      `/interactions/${held.id}/recording?token=${target.admin.token.slice(0, 8)}`,
      `/admin/audit?target[]=${held.id}`,
      `/admin/users?cursor=${ids.user}&companyId=${target.companyId}`,
    ];
    const broken: string[] = [];
    for (const asker of [admin, norte, neighbour])
      for (const path of paths)
        for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']) {
          const { status, text } = await askAs(product, asker, method, { path });
          const known = asker === neighbour ? traces(target, false) : marks;
          if (status >= 500 || known.some((mark) => withoutQuestions(path, text, false).includes(mark)))
            broken.push(`${asker.name} ${method} ${path}: ${status} ${text.slice(0, 150)}`);
        }
    expect(broken).toEqual([]);
  }, 60_000);

  it('keys of a body that nobody asked for change nobody else', async () => {
    const [target, from] = sides;
    const before = await standing(product, target);
    const path = `/interactions/${from.held.id}/notes`;
    const raw = (body: string) =>
      fetch(`${product.url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${from.norte.token}`, 'content-type': 'application/json' },
        body,
      });
    for (const extra of [
      `"companyId":"${target.companyId}"`,
      `"interactionId":"${target.held.id}"`,
      '"__proto__":{"role":"admin"}',
      '"constructor":{"prototype":{"role":"admin"}}',
    ])
      expect((await raw(`{"text":"x",${extra}}`)).status).toBeLessThan(500);
    expect((await get(from.norte, '/admin/users')).status).toBe(403);
    expect(await standing(product, target)).toEqual(before);
  });

  it("a mail that names another company's message or number joins nothing of it", async () => {
    const [target, from] = sides;
    const before = await standing(product, target);
    const read = asking(product, target.admin.token);
    const { items } = await read<{ items: { messageId: string }[] }>(
      'GET',
      `/simulator/mailbox?address=um@${target.company}.cliente.test`,
    );
    const words = 'pergunta da vizinha';
    await sendTo(product, {
      to: `norte@${from.company}.test`,
      from: `um@${target.company}.cliente.test`,
      words: `${words} [#${target.waiting.protocol}]`,
      inReplyTo: `<${items[0]?.messageId ?? ''}>`,
    });
    const own = asking(product, from.admin.token);
    const found = await eventually(
      'the contact of the mail',
      () => own<{ items: { id: string; subject: string }[] }>('GET', '/interactions?queue=norte'),
      (page) => page.items.some(({ subject }) => subject.includes(words)),
    );
    for (const mark of traces(target, true)) expect(JSON.stringify(found)).not.toContain(mark);
    expect(await standing(product, target)).toEqual(before);
  });

  it("the server's engines are told on the board of who installed it, not to a guest", async () => {
    const [host, guest] = sides;
    const engines = async (asker: Asker) =>
      (JSON.parse((await get(asker, '/board')).text) as { engines: object[] }).engines.length;
    for (const asker of [host.admin, host.supervisor]) expect(await engines(asker)).toBeGreaterThan(3);
    for (const asker of [guest.admin, guest.supervisor, guest.key]) expect(await engines(asker)).toBe(0);
  });

  describe('sockets', () => {
    const sockets: Socket[] = [];
    afterAll(() => sockets.forEach((socket) => socket.disconnect()));
    const open = async (asker: Asker, auth: object = {}) => {
      const socket = io(product.url, {
        auth: { token: asker.token, ...auth },
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
      });
      sockets.push(socket);
      const heard: string[] = [];
      socket.onAny((name: string, payload: unknown) => heard.push(`${name} ${JSON.stringify(payload)}`));
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      const command = (name: string, payload: object) =>
        socket.emitWithAck(name, payload) as Promise<{ ok: boolean; error?: { code: string } }>;
      return { asker, heard, command };
    };

    it('no command reaches what is behind a wall', async () => {
      const [target, from] = sides;
      const before = await standing(product, target);
      const { held, ids } = target;
      const fill: Record<string, object> = {
        'interaction:close': { disposition: 'resolvido' },
        'interaction:message': { text: 'x' },
        'interaction:transfer': { to: { type: 'queue', id: 'sul' }, mode: 'blind' },
        'call:dtmf': { digits: '1' },
        'monitor:start': { mode: 'listen' },
      };
      for (const asker of [from.admin, from.key, from.supervisor, from.norte, target.sul, target.sulKey]) {
        const { command, heard } = await open(asker);
        for (const name of Object.keys(clientCommands).filter((one) => !/^(presence|board)/.test(one)))
          for (const interactionId of [held.id, target.waiting.id, held.id.toLowerCase(), '__proto__']) {
            const { ok, error } = await command(name, { interactionId, ...fill[name] });
            expect([asker.name, name, ok]).toEqual([asker.name, name, false]);
            expect(['interaction.notFound', 'command.unknown']).toContain(error?.code);
          }
        if (asker.company !== target.company) {
          const own = { interactionId: from.held.id };
          for (const [name, more] of [
            ['interaction:message', { text: 'x', attachments: [held.file] }],
            ['interaction:message', { text: 'x', attachments: [target.upload] }],
            ['interaction:transfer', { to: { type: 'agent', id: ids.user }, mode: 'blind' }],
          ] as const)
            expect(await command(name, { ...own, ...more })).toMatchObject({ ok: false });
        }
        for (const mark of traces(target, asker.company !== target.company))
          expect(heard.join()).not.toContain(mark);
      }
      expect(await standing(product, target)).toEqual(before);
    }, 60_000);

    it('what happens in a queue is heard there and nowhere else; boards are of one company', async () => {
      const [target, from] = sides;
      const inside = await Promise.all([target.norte, target.supervisor].map((one) => open(one)));
      const outside = await Promise.all(
        [from.admin, from.key, from.supervisor, from.norte, target.sul, target.sulKey].map((one) =>
          open(one),
        ),
      );
      for (const { asker, command } of outside) {
        const isMaster = [from.admin, from.key, from.supervisor].includes(asker);
        const watched = await command('board:watch', { on: true });
        expect([asker.name, watched.ok]).toEqual([asker.name, isMaster]);
        for (const mark of traces(target, true)) expect(JSON.stringify(watched)).not.toContain(mark);
      }
      expect((await inside[1]?.command('board:watch', { on: true }))?.ok).toBe(true);
      const own = asking(product, target.norte.token);
      const { held, north } = target;
      await own('POST', `/interactions/${held.id}/messages`, { text: `${north}-ao-vivo` });
      await own('PUT', '/me/presence', { state: 'paused', reason: 'meal' });
      await own('POST', `/interactions/${held.id}/close`, { disposition: 'resolvido' });
      await sendTo(product, {
        to: `norte@${target.company}.test`,
        from: 'tres@cliente.test',
        words: `${north}-tres`,
      });
      for (const { heard } of inside)
        await eventually(
          'the events inside',
          () => Promise.resolve(heard.join('\n')),
          (all) => [`${north}-ao-vivo`, `${north}-tres`, '"closed"'].every((mark) => all.includes(mark)),
        );
      // Each is told of its own after that: what came before would have come by now.
      for (const { asker, heard } of outside) {
        if (asker.token.startsWith('rk_')) continue;
        await askAs(product, asker, 'PUT', {
          path: '/me/presence',
          body: { state: 'paused', reason: 'toilet' },
        });
        await eventually(
          'an own event',
          () => Promise.resolve(heard.join('\n')),
          (all) => all.includes('toilet'),
        );
      }
      for (const { asker, heard } of outside)
        for (const mark of traces(target, asker.company !== target.company))
          expect([asker.name, heard.filter((line) => line.includes(mark))]).toEqual([asker.name, []]);
    }, 60_000);

    it('a token that ended opens no socket again, whatever it has heard before', async () => {
      const [{ supervisor }] = sides;
      const { heard, command } = await open(supervisor);
      await command('board:watch', { on: true });
      expect((await askAs(product, supervisor, 'POST', { path: '/auth/logout' })).status).toBe(204);
      const seq = /"seq":(\d+)/.exec(heard.join())?.[1];
      await expect(open(supervisor, { lastSeq: Number(seq ?? 0) })).rejects.toThrow('auth.invalid');
    });
  });
});
