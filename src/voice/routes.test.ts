import { describe, expect, it } from 'vitest';
import type { CompanyId } from '../shared/ids.ts';
import { isTrunkFault, routesTo, takeLine, trunksFor } from './routes.ts';
import { createTrunkChannels, type TrunkLine } from './trunks.ts';

const C = 'c' as CompanyId;
const line = (id: string, more: Partial<TrunkLine> = {}): TrunkLine => ({
  ...{ id, companyId: C, name: id, channels: 2, direction: 'both' },
  ...more,
});
const ids = (lines: readonly TrunkLine[], number = '+5511987654321', from?: string): string[] =>
  trunksFor(lines, number, from).map(({ id }) => id);

describe('which trunk calls', () => {
  it('by its order, then by the longest beginning of the number that it names', () => {
    const sp = line('sp', { prefixes: [{ prefix: '+55' }, { prefix: '+5511' }] });
    const br = line('br', { prefixes: [{ prefix: '+55' }] });
    expect(ids([line('any'), br, sp])).toEqual(['sp', 'br', 'any']);
    expect(ids([line('any'), br, sp], '08001234567')).toEqual(['any', 'br', 'sp']);
    expect(ids([sp, line('first', { order: 1 }), line('last', { order: 200 })])).toEqual([
      'first',
      'sp',
      'last',
    ]);
  });

  it('never one for callers only, and only one that may show the number', () => {
    const in_ = line('in', { direction: 'inbound' });
    expect(() => ids([in_])).toThrow(expect.objectContaining({ code: 'trunk.noOutbound' }) as Error);
    const a = line('a', { callerId: '+551130000000', callerIds: ['+551130000001'] });
    const b = line('b', { callerIds: ['+551130000002'] });
    expect(ids([a, b], '+5511987654321', '+551130000002')).toEqual(['b']);
    expect(ids([a, b], '+5511987654321', '+551130000000')).toEqual(['a']);
    expect(ids([a, b, line('open')], '+5511987654321', '+551139999999')).toEqual(['open']);
    expect(() => ids([a, b], '+5511987654321', '+551139999999')).toThrow(
      expect.objectContaining({
        code: 'call.fromNotOwned',
        details: { numbers: ['+551130000000', '+551130000001', '+551130000002'] },
      }) as Error,
    );
  });

  it('shows what was asked for, else its own number, else its first', () => {
    const phones = { get: () => undefined } as never;
    const shows = (trunk: TrunkLine, from?: string) =>
      routesTo([trunk], phones, C, '+5511987654321', from)[0].callerId;
    expect(shows(line('a', { callerId: '+551130000000' }), '+551130000009')).toBe('+551130000009');
    expect(shows(line('a', { callerId: '+551130000000' }))).toBe('+551130000000');
    expect(shows(line('a', { callerIds: ['+551130000001'] }))).toBe('+551130000001');
    expect(shows(line('a'))).toBe('anonymous');
    expect(() =>
      routesTo([{ ...line('a'), companyId: 'other' }], phones, C, '+5511987654321', undefined),
    ).toThrow(expect.objectContaining({ code: 'trunk.noOutbound' }) as Error);
  });

  it('the next one when the lines of the first are taken or kept for callers', () => {
    const lines = [line('a', { order: 1, reserve: 1 }), line('b', { order: 2, channels: 1 })];
    const channels = createTrunkChannels(() => lines);
    const routes = routesTo(lines, { get: () => undefined } as never, C, '+5511987654321', undefined);
    const first = takeLine(routes, channels);
    expect([first.route.trunk?.id, first.others.map(({ trunk }) => trunk?.id)]).toEqual(['a', ['b']]);
    expect(takeLine(routes, channels).route.trunk?.id).toBe('b');
    expect(() => takeLine(routes, channels)).toThrow(
      expect.objectContaining({ code: 'trunk.full' }) as Error,
    );
    // The line that is kept is there for a caller.
    const caller = channels.take('a', 'inbound');
    caller();
    first.release();
    expect(takeLine(routes, channels).route.trunk?.id).toBe('a');
  });

  it('another one after a fault of the trunk, not after an answer of the called one', () => {
    expect([486, 404, 487, 500, 503, 599, 600, 603].map((status) => isTrunkFault({ status }))).toEqual([
      ...[false, false, false],
      ...[true, true, true],
      ...[false, false],
    ]);
  });
});
