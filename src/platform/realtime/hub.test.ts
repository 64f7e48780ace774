import { describe, expect, it } from 'vitest';
import type { Clock } from '../../shared/clock.ts';
import type { AgentId, CompanyId } from '../../shared/ids.ts';
import type { Principal } from '../http/index.ts';
import { createHub, type HubLimits } from './hub.ts';

const company = 'c1' as CompanyId;
const ana = (part: Partial<Principal> = {}): Principal =>
  ({
    companyId: company,
    userId: 'ana' as AgentId,
    role: 'operator',
    queues: ['a', 'b'],
    ...part,
  }) as Principal;

function setup(limits: Partial<HubLimits> = {}) {
  const clock = { now: () => 1, steady: () => ms } as unknown as Clock;
  let ms = 0;
  const hub = createHub(clock, { events: 4, chars: 1_000, absentMs: 1_000, ...limits });
  /** What a connection is told, as "name n": the number counts from the first one of the user. */
  const open = (principal = ana(), lastSeq?: number) => {
    const told: string[] = [];
    const wire = {
      send: (text: string) => {
        const [name, payload] = JSON.parse(text.slice(1)) as [
          string,
          { seq: number; n?: string; reason?: string },
        ];
        told.push(`${name} ${payload.reason ?? payload.n?.slice(0, 3)} ${payload.seq - 1024}`);
      },
    };
    const first = hub.join(principal, wire, lastSeq === undefined ? undefined : lastSeq + 1024);
    return { told, first, leave: () => hub.leave(principal, wire) };
  };
  const say = (n: string, to?: { queueKey: string }) =>
    hub.deliverText(
      to === undefined
        ? { kind: 'user', companyId: company, userId: 'ana' }
        : { kind: 'queue', companyId: company, ...to },
      'alert',
      JSON.stringify({ n }),
    );
  return { hub, open, say, pass: (more: number) => (ms += more) };
}

describe('what a user is told again', () => {
  it('is what was missed, from the next number on, as far back as the limit of events', () => {
    const { open, say } = setup();
    open().leave();
    for (const n of ['1', '2', '3', '4', '5']) say(n);
    expect(open(ana(), 3).told).toEqual(['alert 4 4', 'alert 5 5']);
    expect(open(ana(), 5).told).toEqual([]);
    expect(open(ana(), 1).told).toEqual(['alert 2 2', 'alert 3 3', 'alert 4 4', 'alert 5 5']);
    expect(open(ana(), 0).told).toEqual(['resync history 5']);
    expect(open(ana(), 6).told).toEqual(['resync history 5']);
  });

  it('is bounded by size also after much was dropped, and by the time somebody is away', () => {
    const { hub, open, say, pass } = setup({ events: 100, chars: 250 });
    open().leave();
    for (let n = 1; n <= 50; n += 1) say(`${n}`.padEnd(100, ' '));
    expect(open(ana(), 48).told).toEqual(['alert 49  49', 'alert 50  50']);
    expect(open(ana(), 47).told).toEqual(['resync history 50']);
    const last = open();
    pass(5_000);
    hub.sweep();
    expect(open(ana(), 49).told).toEqual(['alert 50  50']);
    last.leave();
    expect(hub.connected()).toBeGreaterThan(0);
  });

  it('is kept for who came back, and forgotten with who stayed away', () => {
    const { hub, open, say, pass } = setup();
    open().leave();
    say('1');
    const back = open();
    pass(5_000);
    hub.sweep();
    expect(back.leave()).toBe(true);
    pass(1_000);
    hub.sweep();
    expect(open(ana(), 0).told).toEqual(['alert 1 1']);
  });
});

describe('who hears other things from now on', () => {
  const others: [string, Principal][] = [
    ['other queues', ana({ queues: ['b', 'c'] })],
    ['fewer queues', ana({ queues: ['b'] })],
    ['another role', ana({ role: 'supervisor' })],
  ];

  it.each(others)('by %s: every screen loads anew, and nothing of before is told again', (_what, now) => {
    for (const chars of [40, 1_000]) everyScreenLoadsAnew(now, chars);
  });

  function everyScreenLoadsAnew(now: Principal, chars: number): void {
    const { hub, open, say } = setup({ chars });
    const screens = [open(), open()];
    say('1'.repeat(20));
    hub.refresh(now);
    for (const { told } of screens) expect(told.slice(1)).toEqual(['resync reach 2']);
    expect(open(now, 0).told).toEqual(['resync history 2']);
    expect(open(now, 1).told).toEqual(['resync reach 2']);
    say('a', { queueKey: 'a' });
    say('b', { queueKey: 'b' });
    expect(screens[0]!.told.slice(2).filter((line) => line.includes(' b '))).toHaveLength(1);
    expect(screens[0]!.told.some((line) => line.includes(' a '))).toBe(now.role === 'supervisor');
  }

  it.each(others)('by %s, told by nobody before a new screen comes: the same', (_what, now) => {
    const { open, say } = setup();
    const screen = open();
    say('1');
    open(now);
    expect(screen.told).toEqual(['alert 1 1', 'resync reach 2']);
  });

  it('is nobody whose queues come in another order', () => {
    const { hub, open, say } = setup();
    const screen = open();
    say('1');
    hub.refresh(ana({ queues: ['b', 'a'] }));
    expect(screen.told).toEqual(['alert 1 1']);
    expect(open(ana(), 0).told).toEqual(['alert 1 1']);
  });
});
