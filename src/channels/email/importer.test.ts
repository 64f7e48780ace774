import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import { silentLogger } from '../../platform/log/index.ts';
import type { ImporterDeps } from './arrival.ts';
import { createImporter } from './importer.ts';
import type { TimedOutcome } from './parser.ts';
import type { MailRecord } from './store.ts';

/** An importer whose reader answers when the test says so: what it read is set aside, so that nothing else is needed. */
function rig({ storeMs = 0 } = {}) {
  const clock = manualClock();
  const begun: string[] = [];
  const aside: string[] = [];
  const reading = new Map<string, (outcome: TimedOutcome | Error) => void>();
  const deps = {
    clock,
    logger: silentLogger(),
    files: { path: (file: string) => file },
    mailboxes: { byId: () => Promise.resolve({ id: 'm' }) },
    store: {
      mail: () => Promise.resolve(null),
      updateMail(id: string) {
        clock.advance(storeMs);
        return Promise.resolve(void aside.push(id));
      },
    },
    parser: {
      parse: (file: string) => {
        begun.push(file);
        return new Promise<TimedOutcome>((resolve, reject) =>
          reading.set(file, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))),
        );
      },
    },
  } as unknown as ImporterDeps;
  const importer = createImporter(deps);
  const mail = (id: string, envelopeFrom: string, bytes = 2000, companyId = 'c1'): MailRecord =>
    ({
      id,
      companyId,
      envelopeFrom,
      bytes,
      file: id,
      status: 'stored',
      at: new Date(clock.now()),
    }) as MailRecord;
  const settled = (): Promise<void> => new Promise((done) => void setImmediate(done));
  return {
    clock,
    begun,
    aside,
    importer,
    mail,
    settled,
    async read(id: string, readMs: number) {
      clock.advance(readMs);
      reading.get(id)?.({ ok: false, fault: 'parserFailed', readMs });
      await settled();
    },
    async fail(id: string) {
      reading.get(id)?.(new Error('no disk'));
      await settled();
    },
  };
}

describe('the line of mails', () => {
  it('an honest mail waits for the one that is being read, not for the flood before it', async () => {
    const { importer, mail, read, begun, settled } = rig();
    for (const id of ['f1', 'f2', 'f3']) importer.kick(mail(id, 'flood@x.test', 440_000));
    await settled();
    importer.kick(mail('a1', 'Ana@cliente.test'));
    importer.kick(mail('a2', 'ana@cliente.test'));
    importer.kick(mail('r1', 'rui@cliente.test'));
    await read('f1', 1900);
    await read('a1', 3);
    await read('r1', 3);
    await read('a2', 3);
    await read('f2', 1900);
    await read('f3', 1900);
    expect(begun).toEqual(['f1', 'a1', 'r1', 'a2', 'f2', 'f3']);
    await importer.idle();
  });

  it('senders that one address brings are one lane, invented or not', async () => {
    const { importer, mail, read, begun, settled } = rig();
    const flood = ['f1', 'f2', 'f3'].map((id) => ({ ...mail(id, `x@${id}.test`), client: '203.0.113.9' }));
    for (const one of flood) importer.kick(one);
    await settled();
    importer.kick({ ...mail('a1', 'ana@cliente.test', 3000), client: '198.51.100.1' });
    for (const id of ['f1', 'a1', 'f2', 'f3']) await read(id, 120);
    expect(begun).toEqual(['f1', 'a1', 'f2', 'f3']);
    await importer.idle();
  });

  it.each([
    ['read', { storeMs: 0, readMs: 1900 }],
    ['be taken in', { storeMs: 1900, readMs: 0 }],
  ])('what a mail took to %s counts for its sender, however small it looked', async (_what, takes) => {
    const { importer, mail, read, begun, settled } = rig(takes);
    importer.kick(mail('s1', 'Slow@x.test'));
    await settled();
    importer.kick(mail('s2', 'slow@x.test'));
    importer.kick(mail('a1', 'ana@cliente.test', 50_000));
    await read('s1', takes.readMs);
    await read('a1', 3);
    await read('s2', 3);
    expect(begun).toEqual(['s1', 'a1', 's2']);
    await importer.idle();
  });

  it('companies are read side by side, and what a person waits for is first', async () => {
    const { importer, mail, read, begun, settled } = rig();
    importer.kick(mail('a1', 'ana@x.test'));
    importer.kick(mail('a2', 'ana@x.test'));
    importer.kick(mail('b1', 'ana@x.test', 2000, 'c2'));
    await settled();
    expect(begun).toEqual(['a1', 'b1']);
    const wanted = importer.now(mail('w', 'eva@x.test', 20_000_000));
    await read('a1', 3);
    await read('w', 3);
    await wanted;
    expect(begun).toEqual(['a1', 'b1', 'w', 'a2']);
  });

  it('tells how many wait and since when, those to be tried again too', async () => {
    const { importer, mail, read, fail, clock, aside, settled } = rig();
    expect(importer.state()).toEqual({ waiting: 0, oldestMs: 0 });
    importer.kick(mail('a1', 'ana@x.test'));
    await settled();
    clock.advance(5000);
    importer.kick(mail('r1', 'rui@x.test'));
    clock.advance(1000);
    expect(importer.state()).toEqual({ waiting: 2, oldestMs: 6000 });
    await fail('a1');
    await read('r1', 100);
    expect(importer.state()).toEqual({ waiting: 1, oldestMs: 6100 });
    clock.advance(900);
    await settled();
    await read('a1', 0);
    expect(importer.state()).toEqual({ waiting: 0, oldestMs: 0 });
    expect(aside).toEqual(['r1', 'a1']);
  });
});
