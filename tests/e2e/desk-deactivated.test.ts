import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import type { QueueLive } from '../../src/contracts/realtime.ts';
import { contacts, phoneIs } from '../support/contacts.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { sendMail } from '../support/mail.ts';
import { type Operator, operatorAt } from '../support/operator.ts';
import { eventually, PASSWORD, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';

const { chromium } = programs;
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

interface Account {
  readonly username: string;
  readonly password: string;
}

/** A SIP phone's REGISTER by UDP, with the answer to the challenge (RFC 3261 §10, RFC 7616); the final status. */
async function register(sipPort: number, { username, password }: Account): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const uri = `sip:127.0.0.1:${String(sipPort)}`;
  const call = randomUUID();
  const ask = async (cseq: number, authorization = ''): Promise<string> => {
    const lines = [
      `REGISTER ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK${randomUUID()};rport`,
      'Max-Forwards: 70',
      `From: <sip:${username}@127.0.0.1>;tag=${call.slice(0, 8)}`,
      `To: <sip:${username}@127.0.0.1>`,
      `Call-ID: ${call}`,
      `CSeq: ${String(cseq)} REGISTER`,
      `Contact: <sip:${username}@127.0.0.1:${String(port)}>`,
      'Expires: 60',
      ...(authorization === '' ? [] : [`Authorization: ${authorization}`]),
      'Content-Length: 0',
    ];
    const heard = once(socket, 'message') as Promise<[Buffer]>;
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, sipPort, '127.0.0.1');
    return (await heard)[0].toString();
  };
  const challenge = await ask(1);
  const part = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const { realm, nonce } = { realm: part('realm'), nonce: part('nonce') };
  const [nc, cnonce] = ['00000001', 'abcdef'];
  const secret = md5(`${username}:${realm}:${password}`);
  const plain = !/qop=/.test(challenge);
  const response = plain
    ? md5(`${secret}:${nonce}:${md5(`REGISTER:${uri}`)}`)
    : md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
  const answer = await ask(
    2,
    `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5` +
      (plain ? '' : `, qop=auth, nc=${nc}, cnonce="${cnonce}"`),
  );
  socket.close();
  return Number(/^SIP\/2\.0 (\d{3})/.exec(answer)?.[1]);
}

describe.skipIf(chromium === undefined)(
  'somebody who is deactivated in the middle of the work (chromium)',
  { timeout: 90_000 },
  () => {
    let product: Product;
    let bruno: Browser;
    let ana: Operator;
    let account: Account;
    let path: string;

    beforeAll(async () => {
      product = await startProduct();
      bruno = await openBrowser(chromium ?? '', 1200);
      await takePlace(bruno.page, product, 'bruno');
      await phoneIs(product, 'bruno', true);
      ana = await operatorAt(product, 'ana');
      const { items } = await product.api<{ items: { id: string; username: string }[] }>(
        'admin',
        'GET',
        '/api/v1/admin/users',
      );
      path = `/api/v1/admin/users/${items.find((user) => user.username === 'bruno')?.id ?? ''}`;
    }, 120_000);
    afterAll(async () => {
      ana.close();
      await bruno.close();
      await product.end();
    });

    const mailOf = async (from: string): Promise<InteractionView | undefined> =>
      (await contacts(product, 'channel=email')).find((one) => one.contact.address === from);
    const as = (state: string) => (one: InteractionView | undefined) => one?.state === state;

    it('has a conversation in hand, an offer that rings, and a phone that may register', async () => {
      const { page } = bruno;
      await sendMail(product, { from: 'um@fora.test', subject: 'Primeiro' });
      await page.getByTestId('offer').waitFor();
      await page.keyboard.press('Control+Enter');
      await eventually('the conversation', () => mailOf('um@fora.test'), as('active'));
      account = await product.api<Account>('bruno', 'GET', '/api/v1/me/softphone');
      expect(await register(product.sipPort, account)).toBe(200);
      await sendMail(product, { from: 'dois@fora.test', subject: 'Segundo' });
      await page.getByTestId('offer').waitFor();
    });

    it('is signed out, on the phone too, and offered nothing; what was in hand goes to a colleague', async () => {
      await product.api('admin', 'PATCH', path, { active: false });
      await bruno.page.getByLabel('Usuário').waitFor();
      await expect(product.api('bruno', 'GET', '/api/v1/me')).rejects.toThrow(/401/);
      const login = await fetch(`${product.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'bruno', password: PASSWORD }),
      });
      expect(login.status).toBe(401);
      expect(await register(product.sipPort, account)).toBeGreaterThanOrEqual(400);

      await eventually('the offer is taken back', () => mailOf('dois@fora.test'), as('queued'));
      await eventually('the conversation waits for a colleague', () => mailOf('um@fora.test'), as('queued'));
      const agents = await product.api<{ items: { name: string }[] }>('supervisor', 'GET', '/api/v1/agents');
      expect(agents.items.map((agent) => agent.name.split(' ')[0])).not.toContain('Bruno');
      const live = await product.api<QueueLive>('supervisor', 'GET', '/api/v1/queues/suporte/live');
      expect(live).toMatchObject({ agentsAvailable: 0, waiting: 2 });

      await product.api('ana', 'PUT', '/api/v1/me/presence', { state: 'available' });
      const first = await ana.until('offer');
      expect(first.interaction.contact.address).toBe('um@fora.test');
      expect((await ana.command('offer:accept', { interactionId: first.interaction.id })).ok).toBe(true);
      await ana.until('offer', (offer) => offer.interaction.contact.address === 'dois@fora.test');
    });

    it('comes back when it was a mistake: out until the own choice to be available', async () => {
      await product.api('admin', 'PATCH', path, { active: true });
      const { page } = bruno;
      await page.getByLabel('Usuário').fill('bruno');
      await page.getByLabel('Senha', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Entrar' }).click();
      await page.locator('[data-testid=presence][data-state=offline]').waitFor();
      await phoneIs(product, 'bruno', true);
    });
  },
);
