import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inbox } from '../../../tests/contract/sip-edge-inbox.ts';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import { createMailFiles } from './files.ts';
import { listenSmtp, type SmtpListener } from './smtp.ts';
import { FIRST_MAIL_MS, SESSION_MS, SESSIONS_IN_ALL, SESSIONS_PER_ADDRESS } from './smtp-door.ts';

const OURS = 'suporte@exemplo.test';

/** Real connections against the mail port; time is turned by hand. */
describe('strangers at the mail port', () => {
  const dir = mkdtempSync(join(tmpdir(), 'smtp-door-'));
  let clock = manualClock();
  let listener: SmtpListener;
  let stored: number;
  const errors: unknown[] = [];
  const sockets: Socket[] = [];
  beforeEach(async () => {
    clock = manualClock();
    stored = 0;
    errors.length = 0;
    const files = createMailFiles(dir);
    listener = await listenSmtp({
      host: '127.0.0.1',
      port: 0,
      clock,
      accepts: (address) => Promise.resolve(address === OURS),
      async store(_envelope, stream) {
        await files.spool(`01ARZ3NDEKTSV4RRFFQ69G5FA${stored}`, stream);
        stored += 1;
        return 'stored';
      },
      onError: (error) => errors.push(error),
    });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await listener.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** A client at one of this machine's own addresses, once it was greeted. */
  async function client(address = '127.0.0.2') {
    const socket = connect({ host: '127.0.0.1', port: listener.port, localAddress: address });
    sockets.push(socket);
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    const answers = inbox<string>();
    let unread = '';
    socket.on('data', (chunk: Buffer) => {
      const lines = (unread + chunk.toString()).split('\r\n');
      unread = lines.pop() ?? '';
      for (const line of lines) if (!/^\d{3}-/.test(line)) answers.put(line);
    });
    const answer = (): Promise<string> => answers.next();
    const say = (line: string): Promise<string> => {
      socket.write(`${line}\r\n`);
      return answer();
    };
    const begin = async (to = OURS): Promise<string> => {
      await say('EHLO relay.test');
      await say('MAIL FROM:<maria@cliente.test>');
      return say(`RCPT TO:<${to}>`);
    };
    const send = async (): Promise<string> => {
      await begin();
      await say('DATA');
      return say('Subject: oi\r\n\r\nCaiu.\r\n.');
    };
    expect(await answer()).toMatch(/^220 /);
    return { socket, closed, answer, say, begin, send };
  }
  const clients = (count: number, address: string) =>
    Promise.all(Array.from({ length: count }, () => client(address)));

  it('a full house of idle connections, NOOP or not, keeps no mail out', async () => {
    const addresses = Array.from(
      { length: SESSIONS_IN_ALL / SESSIONS_PER_ADDRESS },
      (_, i) => `127.0.0.${10 + i}`,
    );
    const idle = (await Promise.all(addresses.map((one) => clients(SESSIONS_PER_ADDRESS, one)))).flat();
    const chatty = await Promise.all(idle.map((one) => one.say('NOOP')));
    expect(new Set(chatty)).toEqual(new Set(['250 OK']));
    const honest = await client();
    expect(await honest.send()).toMatch(/^250 /);
    const oldest = await Promise.race(idle.map((one) => one.answer()));
    expect(oldest).toMatch(/^421 4\.3\.2 The server has too many connections/);
    clock.advance(1000);
    await Promise.race(idle.map((one) => one.closed));
    expect([stored, errors]).toEqual([1, []]);
  });

  it('a flood of one address drives out its own; who has a mail in hand leaves last', async () => {
    const busy = await client();
    expect(await busy.begin()).toMatch(/^250 /);
    const other = await client('127.0.0.3');
    const flood = await clients(SESSIONS_PER_ADDRESS - 1, '127.0.0.2');
    const more = await clients(20, '127.0.0.2');
    for (const answer of await Promise.all(flood.slice(0, 20).map((one) => one.answer())))
      expect(answer).toMatch(/^421 4\.3\.2 /);
    expect(await busy.say('NOOP')).toBe('250 OK');
    expect(await other.say('NOOP')).toBe('250 OK');
    expect(await more.at(-1)!.send()).toMatch(/^250 /);
  });

  it('a minute to name a recipient of ours, and from one mail to the next; ten minutes in all', async () => {
    const idle = await client();
    const prober = await client();
    const slow = await client();
    const relay = await client();
    expect(await prober.begin('ninguem@exemplo.test')).toMatch(/^550 /);
    expect(await slow.begin()).toMatch(/^250 /);
    clock.advance(FIRST_MAIL_MS - 1);
    expect(await idle.say('NOOP')).toBe('250 OK');
    expect(await relay.send()).toMatch(/^250 /);
    clock.advance(1);
    for (const one of [idle, prober])
      expect(await one.answer()).toMatch(/^421 4\.4\.2 No recipient of ours was named within 60 seconds/);
    clock.advance(FIRST_MAIL_MS - 2);
    expect(await relay.send()).toMatch(/^250 /);
    clock.advance(FIRST_MAIL_MS);
    expect(await relay.answer()).toMatch(/^421 4\.4\.2 No recipient/);
    expect(await slow.say('NOOP')).toBe('250 OK');
    clock.advance(SESSION_MS);
    expect(await slow.answer()).toMatch(/^421 4\.4\.2 A connection lasts 10 minutes at most/);
    clock.advance(1000);
    await Promise.all([idle, prober, relay, slow].map((one) => one.closed));
    expect(clock.pending()).toBe(0);
  });

  it('a mail that never ends is cut, and leaves neither a file nor an error', async () => {
    const trickle = await client();
    const gone = await client();
    for (const one of [trickle, gone]) {
      await one.begin();
      await one.say('DATA');
      one.socket.write('Subject: oi\r\n\r\nCa');
    }
    await expect.poll(() => readdirSync(join(dir, 'incoming')).length, { timeout: 5000 }).toBe(1);
    gone.socket.destroy();
    clock.advance(SESSION_MS);
    expect(await trickle.answer()).toMatch(/^421 4\.4\.2 A connection lasts/);
    clock.advance(1000);
    await trickle.closed;
    await expect.poll(() => readdirSync(join(dir, 'incoming')), { timeout: 5000 }).toEqual([]);
    expect([stored, errors]).toEqual([0, []]);
  });
});
