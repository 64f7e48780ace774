import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { createEmbeddedSipEdge, ha1Of } from '../../src/voice/sip/index.ts';
import { embedded, type OpenedEdge, PASSWORD, silent, testAuth } from '../contract/sip-edge-engines.ts';
import { inbox } from '../contract/sip-edge-inbox.ts';
import {
  authorize,
  type Received,
  register,
  SDP,
  SipPeer,
  tcpWire,
  udpWire,
  wsWire,
} from '../contract/sip-edge-peer.ts';

describe('registrations that race', () => {
  let opened: OpenedEdge;
  const peers: SipPeer[] = [];
  afterEach(async () => {
    await opened.stop();
    for (const peer of peers.splice(0)) peer.close();
  });

  for (const [name, wire] of [
    ['WebSocket', () => wsWire(opened.wsUrl)],
    ['TCP connection', () => tcpWire(opened.port)],
  ] as const) {
    it(`a ${name} that closes while its password is looked up leaves no binding`, async () => {
      const asked = inbox<(ha1s: string[]) => void>();
      const auth = {
        valid: true,
        ha1: () => new Promise<string[]>((resolve) => asked.put(resolve)),
      };
      opened = await embedded.open({ auth });
      const changes = inbox<{ username: string; contacts: number }>();
      opened.edge.onRegistration((change) => changes.put(change));
      const good = [ha1Of('ana', 'exemplo', PASSWORD)];

      const p = new SipPeer(await wire());
      const leg = p.start('REGISTER', 'sip:exemplo', [['Expires', '300']], '', {
        local: '<sip:ana@exemplo>;tag=1',
        remote: '<sip:ana@exemplo>',
      });
      const { headers } = await p.final('REGISTER');
      const challenge = headers['www-authenticate'] ?? '';
      const value = authorize(challenge, 'ana', PASSWORD, 'REGISTER', 'sip:exemplo');
      p.sendLeg(leg, 'REGISTER', 2, [
        ['Expires', '300'],
        ['Authorization', value],
      ]);
      const answer = await asked.next();
      p.close();
      // A later connection is accepted and heard: by then the end of the first has been seen too.
      const other = new SipPeer(await wire());
      peers.push(other);
      other.start('OPTIONS', 'sip:exemplo');
      await other.final('OPTIONS');
      answer(good);

      // The next registration is the only one that anybody hears of.
      const registered = register(other, 'ana', PASSWORD);
      (await asked.next())(good);
      const ok = await registered;
      expect(ok.status).toBe(200);
      expect(ok.headers['contact']?.split('<sip:')).toHaveLength(2); // itself alone
      expect(await changes.next()).toMatchObject({ username: 'ana', contacts: 1 });
      const placed = opened.edge.invite({
        to: { kind: 'softphone', username: 'ana' },
        callerUser: '55',
        localSdp: SDP(5000),
      });
      other.answer(await other.request('INVITE'), 486);
      await expect(placed).rejects.toMatchObject({ status: 486 });
    });
  }
});

describe('who guesses learns nothing', () => {
  let opened: OpenedEdge;
  afterEach(() => opened.stop());

  it('unknown users and wrong passwords: the same challenge, the same refusal, the same time', async () => {
    const asked: string[] = [];
    const known = testAuth();
    const auth = {
      valid: true,
      ha1: (username: string, realm: string) => {
        asked.push(username);
        return known.ha1(username, realm);
      },
    };
    opened = await embedded.open({ auth });
    const shape = (m: Received): string =>
      m.raw.replace(/^(Via|From|To|Call-ID): .*\r\n/gm, '').replace(/nonce="[^"]+"/, 'nonce');
    const took: Record<'ana' | 'nobody', number[]> = { ana: [], nobody: [] };
    const seen: Record<'ana' | 'nobody', Set<string>> = { ana: new Set(), nobody: new Set() };
    for (let i = 0; i < 60; i++) {
      // Each from a port of its own, from a trunk's address: otherwise ten guesses would ban the guesser.
      opened.edge.setTrunks([{ id: 'demo', peers: ['127.0.0.1'], trustsAssertedIdentity: false }]);
      const p = new SipPeer(await udpWire(opened.port));
      const user = i % 2 === 0 ? 'ana' : 'nobody';
      const leg = p.start('REGISTER', 'sip:exemplo', [['Expires', '300']], '', {
        local: `<sip:${user}@exemplo>;tag=1`,
        remote: `<sip:${user}@exemplo>`,
      });
      const challenge = await p.final('REGISTER');
      seen[user].add(shape(challenge));
      const asks = challenge.headers['www-authenticate'] ?? '';
      const value = authorize(asks, user, 'wrong', 'REGISTER', 'sip:exemplo');
      const before = performance.now();
      p.sendLeg(leg, 'REGISTER', 2, [
        ['Expires', '300'],
        ['Authorization', value],
      ]);
      const refused = await p.final('REGISTER');
      took[user].push(performance.now() - before);
      expect(refused.status).toBe(403);
      seen[user].add(shape(refused));
      p.close();
    }
    expect(seen.nobody).toEqual(seen.ana);
    expect(seen.ana.size).toBe(2); // one challenge and one refusal, always the same
    expect(asked.filter((user) => user === 'nobody')).toHaveLength(30); // both are looked up
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
    const ratio = middle(took.nobody) / middle(took.ana);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });
});

async function udpPort(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  const bound = once(socket, 'listening');
  socket.bind(port, '127.0.0.1');
  await bound;
  return socket;
}
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(resolve));

describe('a port that another program has', () => {
  const options = {
    ...{ host: '127.0.0.1', advertiseAddress: '127.0.0.1', realm: 'exemplo', auth: testAuth() },
    ...{ logger: silent, clock: systemClock, random: systemRandom },
  };
  async function failure(port: number): Promise<unknown> {
    return createEmbeddedSipEdge({ ...options, port }).then(
      (edge) => edge.stop(0),
      (error: unknown) => error,
    );
  }

  it('by UDP: sip.portInUse says which and what to do', async () => {
    const socket = await udpPort(0);
    const { port } = socket.address();
    const error = await failure(port);
    await closed(socket);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'sip.portInUse',
      status: 503,
      message: `SIP cannot start: 127.0.0.1 port ${port} is already in use by another program. Choose another SIP_PORT.`,
    });
  });

  it('by TCP: the same, and UDP is given back', async () => {
    const socket = await udpPort(0);
    const { port } = socket.address();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    await closed(socket);
    expect(await failure(port)).toMatchObject({ code: 'sip.portInUse' });
    await closed(await udpPort(port));
    server.close();
  });
});
