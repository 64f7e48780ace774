import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import { levelAt, wavChannels } from '../support/audio.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { contacts, phoneIs } from '../support/contacts.ts';
import { outboxOf, sendMail } from '../support/mail.ts';
import { type Operator, operatorAt } from '../support/operator.ts';
import { eventually, ONLY_QUEUE, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { sipp, baresip } = programs;
const OPERATOR_HZ = 1200;

const numbers = (items: readonly InteractionView[]): string[] =>
  items.map((i) => `${i.id} ${i.protocol}`).sort();

describe.skipIf(sipp === undefined || baresip === undefined)(
  'kill -9 with calls waiting, mails queued, an offer ringing and a call recorded (sipp, baresip)',
  () => {
    let product: Product;
    const calls: SippCall[] = [];
    const phones: Baresip[] = [];
    const people: Operator[] = [];

    beforeAll(async () => {
      product = await startProduct({}, { 'principal.yaml': ONLY_QUEUE });
    }, 60_000);
    afterEach(async () => {
      for (const call of calls.splice(0)) call.stop();
      for (const person of people.splice(0)) person.close();
      await Promise.all(phones.splice(0).map((phone) => phone.stop()));
    });
    afterAll(() => product.end());

    async function call(caller: string, count = 1): Promise<void> {
      calls.push(
        await sippCall(sipp ?? '', { sipPort: product.sipPort, caller, calls: count, perSecond: count }),
      );
    }
    /** bruno's SIP phone, which answers by itself. */
    async function phone(): Promise<void> {
      const path = '/api/v1/me/softphone';
      const account = await product.api<{ username: string; password: string }>('bruno', 'GET', path);
      phones.push(
        await startBaresip(baresip ?? '', {
          server: `127.0.0.1:${product.sipPort}`,
          user: account.username,
          password: account.password,
          hz: OPERATOR_HZ,
          answer: 'auto',
        }),
      );
      await product.api('bruno', 'PUT', '/api/v1/me/presence', { state: 'available' });
      await phoneIs(product, 'bruno', true);
    }
    async function available(user: string): Promise<Operator> {
      const person = await operatorAt(product, user);
      people.push(person);
      await product.api(user, 'PUT', '/api/v1/me/presence', { state: 'available' });
      return person;
    }
    async function recording(id: string): Promise<Int16Array[]> {
      const answer = await fetch(`${product.url}/api/v1/interactions/${id}/recording`, {
        headers: { authorization: `Bearer ${await product.token('supervisor')}` },
      });
      expect(answer.status).toBe(200);
      return wavChannels(Buffer.from(await answer.arrayBuffer()));
    }

    it('everything promised is there after the start, and nobody is stuck', {
      timeout: 240_000,
    }, async () => {
      // One call in conversation, recorded.
      await phone();
      await call('+5511987654321');
      const [talking] = await eventually(
        'the conversation',
        () => contacts(product, 'state=active&channel=voice'),
        ([i]) => i?.recording === true && i.segments[0]?.talkAt !== undefined,
        60_000,
      );
      // Three calls that wait, since the only phone is busy.
      await call('+551133330000', 3);
      await eventually(
        'three calls in the queue',
        () => contacts(product, 'state=queued&channel=voice'),
        (items) => items.length === 3,
        60_000,
      );
      // Three mails; ana is offered what fits and does not answer.
      const ana = await available('ana');
      const senders = [1, 2, 3].map((n) => `cliente${n}@fora.test`);
      for (const from of senders) await sendMail(product, { from, subject: `Pedido de ${from}` });
      const offer = await ana.until('offer');
      const before = await eventually(
        'the mails acknowledged and one ringing',
        () => contacts(product, 'channel=email'),
        (items) => items.length === 3 && items.some((i) => i.state === 'offered'),
      );
      const callsBefore = await contacts(product, 'channel=voice');
      expect(callsBefore).toHaveLength(4);
      await eventually(
        'five seconds of recording',
        () => recording(talking?.id ?? ''),
        ([left]) => (left?.length ?? 0) > 5 * 8000,
      );

      const killedAt = Date.now();
      await product.kill();
      for (const person of people.splice(0)) person.close();
      for (const one of calls.splice(0)) one.stop();
      await Promise.all(phones.splice(0).map((one) => one.stop()));
      await product.start();

      // The same contacts under the same numbers; the live calls are missed and say why.
      expect(numbers(await contacts(product, 'channel=email'))).toEqual(numbers(before));
      const callsAfter = await contacts(product, 'channel=voice');
      expect(numbers(callsAfter)).toEqual(numbers(callsBefore));
      for (const one of callsAfter) expect(one).toMatchObject({ state: 'missed', endCause: 'serverRestart' });
      for (const one of [...before, ...callsBefore]) {
        const protocol = await product.api('supervisor', 'GET', `/api/v1/protocols/${one.protocol}`);
        expect(protocol['number']).toBe(one.protocol);
      }

      // The recording has the operator's voice up to the last second before the kill.
      const [left, right] = await recording(talking?.id ?? '');
      const talkedMs = killedAt - Date.parse(talking?.segments[0]?.talkAt ?? '');
      const keptMs = (right?.length ?? 0) / 8;
      expect(left?.length).toBe(right?.length);
      expect(talkedMs - keptMs).toBeLessThan(1_500);
      expect(levelAt(right?.slice(-4000) ?? new Int16Array(), OPERATOR_HZ)).toBeGreaterThan(-25);

      // ana is still available, without doing anything anew: the mail of the ringing offer is hers again or still.
      const again = await operatorAt(product, 'ana');
      people.push(again);
      await eventually(
        'all three mails offered or taken by one operator',
        async () => {
          for (const item of await contacts(product, 'channel=email&state=offered'))
            await again.command('offer:accept', { interactionId: item.id });
          return contacts(product, 'channel=email');
        },
        (items) => items.every((i) => i.state === 'active' && i.agent?.name.startsWith('Ana') === true),
        40_000,
      );
      expect(before.map((i) => i.id)).toContain(offer.interaction.id);

      // What was promised was sent once.
      for (const from of senders) {
        const sent = await eventually(
          'the acknowledgement',
          () => outboxOf(product, from),
          (mails) => mails.length > 0,
        );
        expect(sent.map((m) => m.kind)).toEqual(['acknowledgement']);
        expect(sent[0]?.subject).toContain(before.find((i) => i.contact.address === from)?.protocol);
      }

      // bruno was in a call when it died: his hand is free again for the next one.
      await phone();
      await call('+5511987654321');
      await eventually(
        'a new conversation',
        () => contacts(product, 'state=active&channel=voice'),
        ([i]) => i?.agent?.name.startsWith('Bruno') === true,
        60_000,
      );
    });
  },
);

describe('kill -9 at random moments while mails come in', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  }, 60_000);
  afterAll(() => product.end());

  it('each mail that got its 250 is there once, with one number and one acknowledgement', {
    timeout: 240_000,
  }, async () => {
    const taken: string[] = [];
    const asking = new AbortController();
    const over = (): boolean => asking.signal.aborted;
    /** As a relay does: the same mail again and again until it is taken, then the next. */
    async function relay(name: string): Promise<void> {
      for (let n = 0; !over(); n++) {
        // A domain each: one that writes much is acknowledged so many times an hour and no more.
        const from = `ana@${name}${n}.fora.test`;
        const mail = { from, subject: `Carga ${name} ${n}`, messageId: `<${name}.${n}@fora.test>` };
        for (;;) {
          const answer = await sendMail(product, mail).catch(() => '');
          if (answer.startsWith('250')) {
            taken.push(from);
            break;
          }
          if (over()) return;
          await new Promise((tick) => setTimeout(tick, 50));
        }
      }
    }
    const relays = ['a', 'b', 'c'].map(relay);
    for (let round = 0; round < 4; round++) {
      const enough = taken.length + 3;
      await eventually(
        'mails after the start',
        () => Promise.resolve(taken.length),
        (n) => n >= enough,
      );
      await new Promise((tick) => setTimeout(tick, Math.random() * 400));
      await product.kill();
      await product.start();
    }
    asking.abort();
    await Promise.all(relays);
    expect(taken.length).toBeGreaterThan(12);

    const known = await eventually(
      'every mail as a contact',
      () => contacts(product, 'channel=email'),
      (items) => taken.every((from) => items.some((i) => i.contact.address === from)),
      30_000,
    );
    const addresses = known.map((i) => i.contact.address);
    expect(addresses.filter((address, i) => addresses.indexOf(address) !== i)).toEqual([]);
    expect(new Set(known.map((i) => i.protocol)).size).toBe(known.length);
    for (const from of taken) {
      const sent = await eventually(
        `the acknowledgement to ${from}`,
        () => outboxOf(product, from),
        (mails) => mails.length > 0,
      );
      expect(sent.map((m) => m.kind)).toEqual(['acknowledgement']);
    }
  });
});
