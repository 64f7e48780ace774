import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import { type Connection, createConnectionLimits, type Leaving } from './connection-limits.ts';

interface Opened extends Connection {
  readonly name: string;
}

function rig(limits: { perAddress?: number; total?: number; proveMs?: number; lifeMs?: number } = {}) {
  const clock = manualClock();
  const proven = new Set<string>();
  const closed: string[] = [];
  const reasons: string[] = [];
  const guard = createConnectionLimits<Opened>({ clock, isProven: (c) => proven.has(c.name), ...limits });
  const closing = (name: string, why: Leaving): void => {
    closed.push(name);
    reasons.push(`${name} ${why}`);
  };
  const open = (name: string, address = '203.0.113.1'): Opened => {
    const connection = { name, address, close: (why: Leaving) => closing(name, why) };
    guard.add(connection);
    return connection;
  };
  return { clock, proven, closed, reasons, guard, open };
}

describe('connections of strangers', () => {
  it('end after ten seconds; who proved itself stays until its proof ends', () => {
    const { clock, proven, closed, open, guard } = rig();
    open('idle');
    open('phone');
    proven.add('phone');
    clock.advance(9_999);
    expect(closed).toEqual([]);
    clock.advance(1);
    expect(closed).toEqual(['idle']);
    clock.advance(600_000);
    expect(closed).toEqual(['idle']);
    proven.delete('phone'); // logged out
    clock.advance(10_000);
    expect(closed).toEqual(['idle']);
    clock.advance(10_000);
    expect(closed).toEqual(['idle', 'phone']);
    expect([guard.strangers, clock.pending()]).toEqual([0, 0]);
  });

  it('one address drives out its own oldest, the silent before those who spoke', () => {
    const { closed, open, guard } = rig({ perAddress: 3 });
    open('other', '198.51.100.1');
    guard.spoke(open('a'));
    open('b');
    open('c');
    open('d');
    expect(closed).toEqual(['b']);
    open('e');
    open('f');
    open('g');
    expect(closed).toEqual(['b', 'c', 'd', 'e']);
    expect(guard.strangers).toBe(4);
  });

  it('many addresses together drive out the oldest stranger, never a proven one', () => {
    const { closed, open, proven, guard } = rig({ total: 3 });
    open('phone', '198.51.100.1');
    proven.add('phone');
    for (let i = 0; i < 6; i++) open(`s${i}`, `203.0.113.${i}`);
    expect(closed).toEqual(['s0', 's1', 's2']);
    expect(guard.strangers).toBe(3);
  });

  it('those of telephones count for nothing: an office of 300 shares one address', () => {
    const { closed, open, proven, clock } = rig();
    for (let i = 0; i < 300; i++) {
      open(`phone${i}`);
      proven.add(`phone${i}`);
    }
    open('new');
    proven.add('new');
    clock.advance(30_000);
    expect(closed).toEqual([]);
  });

  it('a connection that closed by itself is forgotten', () => {
    const { closed, open, guard, clock } = rig();
    guard.remove(open('a'));
    clock.advance(20_000);
    expect([closed, guard.strangers, clock.pending()]).toEqual([[], 0, 0]);
  });

  it('when all of them spoke, the address that has most gives its oldest; /64 is one address', () => {
    const { closed, open, guard } = rig({ total: 4 });
    guard.spoke(open('a', '198.51.100.1'));
    guard.spoke(open('b', '2001:db8::1'));
    guard.spoke(open('c', '2001:db8::2'));
    guard.spoke(open('d', '198.51.100.2'));
    open('e', '198.51.100.3');
    expect(closed).toEqual(['b']);
    open('f', '198.51.100.4'); // the silent before those who spoke
    expect(closed).toEqual(['b', 'e']);
  });

  it('who spoke has a longer life; what is finished is silent again and has the first time once more', () => {
    const { clock, reasons, open, guard } = rig({ proveMs: 60, lifeMs: 600 });
    open('silent');
    guard.spoke(open('busy'));
    const relay = open('relay');
    guard.spoke(relay);
    clock.advance(59);
    guard.finished(relay);
    clock.advance(1);
    expect(reasons).toEqual(['silent late']);
    clock.advance(58);
    guard.spoke(relay);
    guard.finished(relay);
    clock.advance(59);
    expect(reasons).toEqual(['silent late']);
    clock.advance(1);
    expect(reasons).toEqual(['silent late', 'relay late']);
    clock.advance(600 - 179);
    expect(reasons).toEqual(['silent late', 'relay late']);
    clock.advance(1);
    expect(reasons).toEqual(['silent late', 'relay late', 'busy old']);
    expect([guard.strangers, clock.pending()]).toEqual([0, 0]);
  });

  it('finishing again and again prolongs no life', () => {
    const { clock, reasons, open, guard } = rig({ proveMs: 60, lifeMs: 600 });
    const relay = open('relay');
    for (let i = 0; i < 20; i++) {
      guard.spoke(relay);
      guard.finished(relay);
      clock.advance(30);
    }
    expect([reasons, clock.pending()]).toEqual([['relay old'], 0]);
  });
});
