import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../tests/sip/sip-manual-clock.ts';
import { ClientTransaction } from './client-transaction.ts';
import { Linger } from './linger.ts';
import { ServerTransaction } from './server-transaction.ts';

function server(invite: boolean, reliable = false) {
  const clock = manualClock();
  const sent: string[] = [];
  const settled: (string | undefined)[] = [];
  let over = false;
  const t = new ServerTransaction({
    clock,
    invite,
    reliable,
    send: (text) => void sent.push(text),
    onSettled: (last) => void settled.push(last),
    onTerminated: () => {
      over = true;
    },
  });
  return { clock, sent, t, settled, over: () => over };
}

function client(invite: boolean, reliable = false) {
  const clock = manualClock();
  const sent: string[] = [];
  const heard: (number | 'timeout' | 'settled')[] = [];
  const t = new ClientTransaction<{ status: number }>(
    {
      clock,
      invite,
      reliable,
      send: (text) => void sent.push(text),
      ackFor: () => 'ACK',
      onResponse: (r) => void heard.push(r.status),
      onSettled: () => void heard.push('settled'),
      onTimeout: () => void heard.push('timeout'),
      onTerminated: () => undefined,
    },
    'REQ',
  );
  t.start();
  return { clock, sent, heard, t };
}

describe('INVITE server transaction (RFC 3261 §17.2.1)', () => {
  it('sends a failure again by timer G until the ACK, then ends by timer I', () => {
    const { clock, sent, t, over } = server(true);
    t.respond(486, 'busy');
    clock.advance(500 + 1000 + 2000);
    expect(sent).toEqual(['busy', 'busy', 'busy', 'busy']);
    t.ack();
    clock.advance(4999);
    expect(sent).toHaveLength(4);
    expect(over()).toBe(false);
    clock.advance(1);
    expect(over()).toBe(true);
    expect(clock.pending()).toBe(0);
  });
  it('gives up by timer H when no ACK comes', () => {
    const { clock, t, over } = server(true);
    t.respond(486, 'busy');
    clock.advance(32_000);
    expect(over()).toBe(true);
  });
  it('answers a repeated INVITE with the last response, and not after a 2xx', () => {
    const { sent, t } = server(true);
    t.respond(180, 'ring');
    t.retransmission();
    t.respond(200, 'ok');
    t.retransmission();
    expect(sent).toEqual(['ring', 'ring', 'ok']);
    expect(t.respond(486, 'late')).toBe(false);
  });
  it('leaves copies of an accepted INVITE to its dialog (RFC 6026)', () => {
    const { clock, t, settled } = server(true);
    t.respond(200, 'ok');
    expect([t.state, settled]).toEqual(['accepted', [undefined]]);
    expect(clock.pending()).toBe(0);
  });
});

describe('other server transactions (§17.2.2)', () => {
  it('leave their answer for late copies (timer J), and end at once over TCP', () => {
    const udp = server(false);
    udp.t.respond(200, 'ok');
    expect([udp.sent, udp.settled, udp.clock.pending()]).toEqual([['ok'], ['ok'], 0]);
    const tcp = server(false, true);
    tcp.t.respond(200, 'ok');
    expect([tcp.settled, tcp.over()]).toEqual([[], true]);
  });
});

describe('client transactions (§17.1)', () => {
  it('INVITE repeats by timer A and gives up by timer B', () => {
    const { clock, sent, heard } = client(true);
    clock.advance(31_999);
    expect(sent).toHaveLength(7); // 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s
    clock.advance(1);
    expect(heard).toEqual(['timeout']);
    expect(clock.pending()).toBe(0);
  });
  it('other requests repeat by timer E up to T2 and give up by timer F', () => {
    const { clock, sent, heard } = client(false);
    clock.advance(32_000);
    expect(sent).toHaveLength(11); // 0, 0.5, 1.5, 3.5, then every 4 s
    expect(heard).toEqual(['timeout']);
  });
  it('reliable transports never repeat', () => {
    const { clock, sent } = client(true, true);
    clock.advance(31_000);
    expect(sent).toEqual(['REQ']);
  });
  it('a ringing INVITE may ring for ever', () => {
    const { clock, sent, heard, t } = client(true);
    t.receive({ status: 180 });
    clock.advance(600_000);
    expect([sent.length, heard]).toEqual([1, [180]]);
  });
  it('a failure is acknowledged, again for each copy, and told once', () => {
    const { clock, sent, heard, t } = client(true);
    t.receive({ status: 486 });
    t.receive({ status: 486 });
    expect(sent).toEqual(['REQ', 'ACK', 'ACK']);
    expect(heard).toEqual([486]);
    clock.advance(32_000);
    expect(t.state).toBe('terminated');
  });
  it('the first 2xx goes up; what comes after is no longer its business (RFC 6026)', () => {
    const { clock, heard, t } = client(true);
    t.receive({ status: 200 });
    t.receive({ status: 200 });
    expect(heard).toEqual([200, 'settled']);
    expect(clock.pending()).toBe(0);
  });
});

describe('what lingers', () => {
  it('is there for 64·T1 at least and gone by 48 s, with one timer for all', () => {
    const clock = manualClock();
    const linger = new Linger<number>(clock);
    clock.advance(5_000);
    for (let i = 0; i < 100; i++) linger.keep(`first${i}`, i);
    clock.advance(15_999);
    linger.keep('second', 2);
    expect(clock.pending()).toBe(1);
    clock.advance(16_001);
    linger.keep('third', 3);
    clock.advance(15_999); // 32 s after the second, 48 s after the first
    expect([linger.get('first99'), linger.get('second'), linger.size]).toEqual([99, 2, 102]);
    clock.advance(1);
    expect([linger.get('first99'), linger.get('second'), linger.get('third')]).toEqual([
      undefined,
      undefined,
      3,
    ]);
    clock.advance(32_000);
    expect([linger.size, clock.pending()]).toEqual([0, 0]);
  });
  it('stops with its owner', () => {
    const clock = manualClock();
    const linger = new Linger<number>(clock);
    linger.keep('a', 1);
    linger.stop();
    linger.keep('b', 2);
    expect([linger.size, clock.pending()]).toEqual([0, 0]);
  });
});
