import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import { levelAt, wavChannels } from '../support/audio.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { sipOperator } from '../support/sip-operator.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { baresip, sipp } = programs;
const CUSTOMER_HZ = 700;
const OPERATOR_HZ = 1200;
const OPERATORS = ['ana', 'bruno', 'carla'] as const;

interface Page {
  items: InteractionView[];
  nextCursor: string | null;
}

describe.skipIf(baresip === undefined || sipp === undefined)(
  'SIP phones of operators and callers (baresip, sipp)',
  () => {
    let product: Product;
    const phones: Baresip[] = [];
    const calls: SippCall[] = [];

    beforeAll(async () => {
      product = await startProduct();
    }, 60_000);
    afterEach(async () => {
      for (const call of calls.splice(0)) call.stop();
      await Promise.all(phones.splice(0).map((phone) => phone.stop()));
    });
    afterAll(() => product.end());

    const list = async (query: string) =>
      (await product.api<Page>('supervisor', 'GET', `/api/v1/interactions?limit=100&${query}`)).items;

    const work = async (user: string): Promise<void> => {
      phones.push(await sipOperator(product, baresip ?? '', user, OPERATOR_HZ));
    };

    it('baresip calls, another baresip rings with the offer and answers: both are heard and recorded', {
      timeout: 90_000,
    }, async () => {
      await work('ana');
      const caller = await startBaresip(baresip ?? '', {
        server: `127.0.0.1:${product.sipPort}`,
        user: '+5511987654321',
        hz: CUSTOMER_HZ,
        answer: 'auto',
      });
      phones.push(caller);
      caller.command('dial', `sip:+551140004000@127.0.0.1:${product.sipPort}`);
      const [active] = await eventually(
        'the conversation',
        () => list('state=active'),
        (items) => items.length === 1,
        40_000,
      );
      expect(active?.customer?.name).toBe('Maria Souza');
      expect(active?.agent?.name).toMatch(/^Ana/);
      await eventually(
        'the recording',
        () => list('state=active'),
        (items) => items[0]?.recording === true && items[0].segments[0]?.talkAt !== undefined,
      );
      const ears = await eventually(
        'two tones in the recording',
        async () => {
          const answer = await fetch(`${product.url}/api/v1/interactions/${active?.id ?? ''}/recording`, {
            headers: { authorization: `Bearer ${await product.token('supervisor')}` },
          });
          return answer.ok
            ? wavChannels(Buffer.from(await answer.arrayBuffer())).map((c) => c.subarray(-4000))
            : [];
        },
        ([left, right]) =>
          left !== undefined &&
          right !== undefined &&
          levelAt(left, CUSTOMER_HZ) > -25 &&
          levelAt(right, OPERATOR_HZ) > -25,
      );
      expect(levelAt(ears[0] ?? new Int16Array(), OPERATOR_HZ)).toBeLessThan(-40);
      // The caller's phone hangs up: the operator has the wrap-up.
      caller.command('hangup');
      await eventually(
        'the wrap-up',
        () => list('state=wrapUp'),
        (items) => items.length === 1,
      );
      await product.api('ana', 'POST', `/api/v1/interactions/${active?.id ?? ''}/close`, {
        disposition: 'resolvido',
      });
    });

    it('30 calls at once for 3 operators: order kept, none lost, none given twice, hang-ups abandoned', {
      timeout: 240_000,
    }, async () => {
      await product.api('admin', 'PATCH', '/api/v1/admin/queues/suporte', { wrapUpMs: 0 });
      const before = new Set((await list('channel=voice')).map((i) => i.id));
      const fresh = async () => (await list('channel=voice')).filter((i) => !before.has(i.id));
      calls.push(
        await sippCall(sipp ?? '', {
          sipPort: product.sipPort,
          calls: 24,
          perSecond: 30,
          caller: '+551133330000',
        }),
      );
      calls.push(
        await sippCall(sipp ?? '', {
          sipPort: product.sipPort,
          calls: 6,
          perSecond: 30,
          caller: '+551133331111',
          hangUpMs: 28_000,
        }),
      );
      const queued = await eventually(
        'all in the queue',
        fresh,
        (items) => items.length === 30 && items.every((i) => i.state === 'queued'),
        60_000,
      );
      expect(new Set(queued.map((i) => i.protocol)).size).toBe(30);
      await eventually(
        'the hang-ups',
        fresh,
        (items) => items.filter((i) => i.state === 'abandoned').length === 6,
        40_000,
      );
      for (const user of OPERATORS) await work(user);

      // Each operator hangs up as soon as it talks, until nobody waits.
      await eventually(
        'every call served',
        async () => {
          const items = await fresh();
          for (const item of items.filter(
            (i) => i.state === 'active' && i.segments.at(-1)?.talkAt !== undefined,
          )) {
            await product
              .api('supervisor', 'POST', `/api/v1/interactions/${item.id}/hangup`)
              .catch(() => undefined);
          }
          return items;
        },
        (items) =>
          items.every((i) => i.state === 'closed' || i.state === 'abandoned' || i.state === 'wrapUp'),
        150_000,
      );
      const done = await fresh();
      expect(done.filter((i) => i.state === 'abandoned')).toHaveLength(6);
      const served = done.filter((i) => i.state !== 'abandoned');
      expect(served).toHaveLength(24);
      expect(served.every((i) => i.agent !== null && i.segments.length === 1)).toBe(true);

      // Order: who entered the queue first was offered first.
      const inOrder = [...served].sort(
        (a, b) =>
          (a.segments[0]?.queuedAt ?? '').localeCompare(b.segments[0]?.queuedAt ?? '') ||
          a.id.localeCompare(b.id),
      );
      const offered = inOrder.map((i) => Date.parse(i.segments[0]?.offeredAt ?? ''));
      // Three operators are offered side by side, so neighbours may swap within one round.
      offered.forEach((at, i) => {
        const earlier = offered[i - 3];
        if (earlier !== undefined) expect(at).toBeGreaterThanOrEqual(earlier);
      });

      // Nobody has two calls at the same time.
      for (const agent of new Set(served.map((i) => i.agent?.id))) {
        const spans = served
          .filter((i) => i.agent?.id === agent)
          .map(
            (i) =>
              [Date.parse(i.timestamps.acceptedAt ?? ''), Date.parse(i.segments[0]?.endedAt ?? '')] as const,
          );
        spans.sort((a, b) => a[0] - b[0]);
        spans.forEach(([from], i) => {
          const previous = spans[i - 1];
          if (previous !== undefined) expect(from).toBeGreaterThanOrEqual(previous[1]);
        });
      }
      // sipp saw 24 calls answered and ended by us, 6 by itself.
      expect(await Promise.all(calls.map((call) => call.ended))).toEqual([0, 0]);
    });
  },
);
