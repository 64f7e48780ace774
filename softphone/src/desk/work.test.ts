import { describe, expect, it } from 'vitest';
import type { CustomerContext } from '../../../src/contracts/context.ts';
import {
  busyWorld,
  interactionOf,
  mailTimeline,
  offerOf,
  presenceOf,
} from '../../../tests/e2e/desk-world.ts';
import { reduceWork, sortTimeline, type WorkEvent } from './work-events.ts';
import { currentCall, emptyWork, myWork, offersInOrder, waitingWork, type Work } from './work.ts';

const me = { id: 'u1', queues: ['suporte'] };
const world = busyWorld();
const loaded = (): Work =>
  reduceWork(emptyWork(me), { type: 'snapshot', interactions: world.interactions, presence: presenceOf() });

describe('work of one operator', () => {
  it('puts the call first and opens it after F5', () => {
    const work = loaded();
    expect(myWork(work).map((one) => one.id)).toEqual(['v1', 'm1']);
    expect(work.selected).toBe('v1');
    expect(currentCall(work)?.id).toBe('v1');
  });

  it('shows calls that wait before texts, then priority, then waiting time, and only of own queues', () => {
    const urgent = interactionOf({ id: 'w9', state: 'queued', agent: null, priority: 5 });
    const other = interactionOf({ id: 'w8', state: 'queued', agent: null, queue: 'vendas' });
    const work = [urgent, other].reduce(
      (now, interaction) => reduceWork(now, { type: 'interaction', interaction, now: 0 }),
      loaded(),
    );
    expect(waitingWork(work).map((one) => one.id)).toEqual(['w9', 'w3', 'w1', 'w2']);
  });

  it('shows an offer once, however often it is told', () => {
    const offer = offerOf();
    let work = reduceWork(loaded(), { type: 'offer', ...offer, now: 1 });
    work = reduceWork(work, { type: 'offer', ...offer, now: 2 });
    work = reduceWork(work, { type: 'interaction', interaction: offer.interaction, now: 3 });
    expect(work.offers).toHaveLength(1);
  });

  it('puts a ringing call before texts, and then what was offered first', () => {
    const offered = (id: string, channel: 'voice' | 'email', second: number) => {
      const { interaction, deadline, context } = offerOf();
      const at = new Date(Date.UTC(2026, 10, 23, 1, 0, second)).toISOString();
      const timestamps = { arrivedAt: at, queuedAt: at, offeredAt: at };
      return { interaction: { ...interaction, id, channel, deadline, timestamps }, deadline, context };
    };
    const order = (work: Work): string[] => offersInOrder(work.offers).map((one) => one.interaction.id);
    const told = [offered('m2', 'email', 2), offered('m3', 'email', 3), offered('v4', 'voice', 4)];
    let work = loaded();
    told.forEach((offer, now) => {
      work = reduceWork(work, { type: 'offer', ...offer, now });
    });
    expect(order(work)).toEqual(['v4', 'm2', 'm3']);
    // After a restart the list of the server comes newest first.
    const interactions = told.map((one) => one.interaction).reverse();
    expect(order(reduceWork(emptyWork(me), { type: 'snapshot', interactions, presence: null }))).toEqual([
      'v4',
      'm2',
      'm3',
    ]);
  });

  it('drops an offer that went to somebody else or was revoked', () => {
    const offer = offerOf();
    const offered = reduceWork(loaded(), { type: 'offer', ...offer, now: 1 });
    const taken = { ...offer.interaction, state: 'active' as const, agent: { id: 'u2', name: 'Bruno' } };
    expect(reduceWork(offered, { type: 'interaction', interaction: taken, now: 2 }).offers).toEqual([]);
    expect(reduceWork(offered, { type: 'offerGone', interactionId: 'o1' }).offers).toEqual([]);
  });

  it('keeps open what is read and no work of ours, when the list comes again without it', () => {
    const list = { type: 'snapshot', interactions: [interactionOf({ id: 'a' })], presence: null } as const;
    const reading = reduceWork(reduceWork(emptyWork(me), list), { type: 'select', id: 'x' });
    expect(reduceWork(reading, list).selected).toBe('x');
  });

  it('restores a running offer from the snapshot with its first start', () => {
    const { interaction } = offerOf();
    const work = reduceWork(emptyWork(me), { type: 'snapshot', interactions: [interaction], presence: null });
    expect(work.offers).toHaveLength(1);
    expect(work.offers[0]?.since).toBe(Date.parse(interaction.timestamps.offeredAt ?? ''));
  });

  it('opens what has just become ours and never jumps for anything else', () => {
    const accepted = { ...offerOf().interaction, state: 'active' as const };
    const opened = reduceWork(loaded(), { type: 'interaction', interaction: accepted, now: 1 });
    expect(opened.selected).toBe('o1');
    const mail = reduceWork(
      { ...opened, selected: 'm1' },
      { type: 'interaction', interaction: accepted, now: 2 },
    );
    expect(mail.selected).toBe('m1');
  });

  it('is never taken back by an older view of a contact, on whatever way it comes', () => {
    const { interaction, deadline, context } = offerOf();
    const offered = { ...interaction, version: 4 };
    const accepted = { ...interaction, version: 5, state: 'active' as const, deadline: undefined };
    const inHand = reduceWork(loaded(), { type: 'interaction', interaction: accepted, now: 1 });
    const late: WorkEvent[] = [
      { type: 'detail', interaction: offered, timeline: [], context: null },
      { type: 'interaction', interaction: offered, now: 2 },
      { type: 'offer', interaction: offered, deadline, context, now: 2 },
    ];
    for (const event of late) {
      const work = reduceWork(inHand, event);
      expect(work.interactions['o1']).toMatchObject({ version: 5, state: 'active' });
      expect(work.selected).toBe('o1');
      expect(work.offers).toEqual([]);
    }
    // The same version may know more than was known.
    const named = { ...accepted, customer: { id: 'c9', name: 'Outra' } };
    const told = reduceWork(inHand, { type: 'interaction', interaction: named, now: 3 });
    expect(told.interactions['o1']?.customer?.name).toBe('Outra');
  });

  it('keeps a section of the file that was told while an older answer was on its way', () => {
    const { interaction, context } = offerOf();
    const loading = { state: 'loading' as const };
    const invoices = { state: 'failed' as const, error: { code: 'erp.timeout', message: '' } };
    const known: CustomerContext = { ...context, sections: { ...context.sections, invoices } };
    const answer: CustomerContext = { ...context, sections: { ...context.sections, invoices: loading } };
    const detail: WorkEvent = { type: 'detail', interaction, timeline: [], context: answer };
    const told = reduceWork(loaded(), { type: 'context', interactionId: 'o1', context: known });
    expect(reduceWork(told, detail).contexts['o1']?.sections.invoices).toEqual(invoices);
    // Of another customer nothing is known yet.
    const other = { ...detail, context: { ...answer, customerId: 'c9' } };
    expect(reduceWork(told, other).contexts['o1']?.sections.invoices).toEqual(loading);
  });

  it('appends a message once and updates its delivery', () => {
    const timeline = mailTimeline();
    const mail = world.interactions.find((one) => one.id === 'm1');
    if (!mail) throw new Error('no mail');
    let work = reduceWork(loaded(), { type: 'detail', interaction: mail, timeline, context: null });
    const message = {
      ...timeline[1]!.message!,
      id: 'new',
      at: new Date().toISOString(),
      status: 'queued' as const,
    };
    work = reduceWork(work, { type: 'message', interactionId: 'm1', message, now: 0 });
    work = reduceWork(work, {
      type: 'message',
      interactionId: 'm1',
      now: 0,
      message: { ...message, status: 'delivered' },
    });
    const entries = work.timelines['m1'] ?? [];
    expect(entries).toHaveLength(3);
    expect(entries.at(-1)?.message?.status).toBe('delivered');
  });

  it('keeps only its own presence', () => {
    const work = loaded();
    const other = presenceOf({ agentId: 'u2', state: 'paused' });
    expect(reduceWork(work, { type: 'presence', presence: other })).toBe(work);
  });

  it('sorts the timeline oldest first', () => {
    const timeline = mailTimeline();
    expect(sortTimeline([...timeline].reverse()).map((one) => one.id)).toEqual(['g1', 'g2']);
  });
});
