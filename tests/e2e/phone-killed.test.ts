import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRtpPeer, level, loudest, type RtpPeer, tone } from '../support/audio.ts';
import type { Baresip } from '../support/baresip.ts';
import { contacts } from '../support/contacts.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { sipOperator } from '../support/sip-operator.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { baresip, sipp } = programs;
const CUSTOMER_HZ = 700;
const OPERATOR_HZ = 1200;
const COLLEAGUE_HZ = 1700;
/** A phone's loss is known after 6 s of silence and 8 s without an answer (bridge.ts). */
const KNOWN_MS = 16_000;

interface Detail {
  readonly timeline: readonly { readonly kind: string; readonly at: string; readonly data?: object }[];
}

describe.skipIf(baresip === undefined || sipp === undefined)(
  "an operator's SIP phone that is killed in a call (baresip, sipp)",
  () => {
    let product: Product;
    let caller: RtpPeer;
    let call: SippCall | undefined;
    const phones: Baresip[] = [];

    beforeAll(async () => {
      product = await startProduct();
      caller = await createRtpPeer();
    }, 60_000);
    afterAll(async () => {
      call?.stop();
      await Promise.all(phones.map((phone) => phone.stop()));
      await caller.close();
      await product.end();
    });
    const work = async (user: string, hz: number): Promise<Baresip> => {
      const phone = await sipOperator(product, baresip ?? '', user, hz);
      phones.push(phone);
      return phone;
    };
    const newest = async () => (await contacts(product, 'channel=voice'))[0];

    it('the customer hears comfort within 2 s of the loss being known, in 16 s at most, and the next operator comes', {
      timeout: 120_000,
    }, async () => {
      const anas = await work('ana', OPERATOR_HZ);
      call = await sippCall(sipp ?? '', { sipPort: product.sipPort, rtpPort: caller.port });
      caller.connect(await call.answered());
      caller.say(tone(CUSTOMER_HZ, 1000, -12));
      await caller.press('1');
      await caller.untilTone(OPERATOR_HZ, 200, 30_000);
      const contact = await newest();
      await work('bruno', COLLEAGUE_HZ);

      await anas.kill();
      const killedAt = Date.now();
      // Ten packets more may be on their way from the dead phone; what comes after those is ours.
      const ours = caller.packets.length + 15;
      await caller.until(() => {
        const sound = caller.last(100);
        return caller.packets.length >= ours && level(sound) > -50 && loudest(sound).hz !== OPERATOR_HZ;
      }, KNOWN_MS + 2000);
      const heardAt = Date.now();
      const line = await eventually(
        'the loss in the journal',
        async () => {
          const path = `/api/v1/interactions/${contact?.id ?? ''}`;
          const { timeline } = await product.api<Detail>('supervisor', 'GET', path);
          return timeline.find(({ kind }) => kind === 'agentLegLost');
        },
        (found) => found !== undefined,
      );
      const knownAt = Date.parse(line?.at ?? '');
      console.log(
        `the loss was known after ${knownAt - killedAt} ms, comfort heard after ${heardAt - killedAt} ms`,
      );
      expect(line?.data).toMatchObject({ cause: 'unreachable' });
      expect(knownAt - killedAt).toBeLessThanOrEqual(KNOWN_MS);
      expect(heardAt - knownAt).toBeLessThanOrEqual(2000);

      // The dead phone answers no BYE for 32 s; its customer is somebody else's before that.
      await caller.untilTone(COLLEAGUE_HZ, 200, 30_000);
      expect(Date.now() - killedAt).toBeLessThanOrEqual(KNOWN_MS + 24_000);
      expect(await newest()).toMatchObject({
        ...{ id: contact?.id, state: 'active', protocol: contact?.protocol },
        agent: { name: expect.stringMatching(/^Bruno/) as string },
      });
      // One INVITE of the customer and no BYE: its leg was never touched.
      expect(call.trace().match(/^INVITE /gm)).toHaveLength(1);
      expect(call.trace()).not.toMatch(/^BYE /m);
    });
  },
);
