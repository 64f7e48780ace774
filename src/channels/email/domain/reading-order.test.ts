import { describe, expect, it } from 'vitest';
import { createReadingOrder, type WaitingMail } from './reading-order.ts';

interface Given extends WaitingMail {
  /** When it arrives. */
  readonly sinceMs: number;
}

const mail = (sender: string, more: Partial<Given> = {}): Given => ({
  sender,
  bytes: 2000,
  sinceMs: 0,
  urgent: false,
  ...more,
});

const many = (count: number, one: (at: number) => Given): Given[] =>
  Array.from({ length: count }, (_, at) => one(at));

/** Reads all of them, each as long as `takes` says, and answers whose turn it was and when it ended. */
function readAll(given: readonly Given[], takes: (mail: Given) => number) {
  const order = createReadingOrder();
  const line = given.toSorted((a, b) => a.sinceMs - b.sinceMs);
  const read: { readonly sender: string; readonly at: number }[] = [];
  let at = 0;
  while (line.length > 0) {
    const arrived = line.filter(({ sinceMs }) => sinceMs <= at);
    const place = arrived.length === 0 ? 0 : order.next(arrived, at);
    const [next] = line.splice(place, 1);
    at = Math.max(at, next!.sinceMs) + takes(next!);
    read.push({ sender: next!.sender, at });
    order.spent(next!, takes(next!), at);
  }
  const turnOf = (sender: string): number => read.findIndex((one) => one.sender === sender);
  return { read, turnOf };
}

describe('the order in which mails are read', () => {
  it('senders take turns', () => {
    const storm = Array.from({ length: 100 }, () => mail('storm'));
    const { turnOf } = readAll(
      [...storm, mail('ana', { sinceMs: 500 }), mail('rui', { sinceMs: 500 })],
      () => 30,
    );
    // Who came while the seventeenth was read is next.
    expect([turnOf('ana'), turnOf('rui')]).toEqual([17, 18]);
  });

  it('a small mail comes before forty that cost two seconds each, from one sender or from forty', () => {
    for (const sender of [() => 'flood', (at: number) => `flood${at}`]) {
      const flood = Array.from({ length: 40 }, (_, at) => mail(sender(at), { bytes: 440_000 }));
      const { turnOf } = readAll([...flood, mail('ana', { sinceMs: 5000 })], ({ bytes }) =>
        bytes === 440_000 ? 1900 : 3,
      );
      expect(turnOf('ana')).toBe(3);
    }
  });

  describe('four hundred senders that somebody invented', () => {
    const flood = (sender: (at: number) => string, client?: string) =>
      many(400, (at) => mail(sender(at), { bytes: 1900, client }));
    const waitedMs = (line: readonly Given[], honest: Given): number => {
      const { read, turnOf } = readAll([...line, honest], () => 120);
      return read[turnOf(honest.sender)]!.at - honest.sinceMs;
    };
    const at500 = { sinceMs: 500 };
    it.each([
      [
        'of one domain, brought by one mail server for all',
        (at: number) => `s${at}@evil.test`,
        '127.0.0.1',
        mail('ana@cliente.test', { ...at500, client: '127.0.0.1' }),
      ],
      [
        'of as many domains, from one address',
        (at: number) => `s@evil${at}.test`,
        '203.0.113.9',
        mail('ana@cliente.test', { ...at500, client: '198.51.100.1' }),
      ],
      [
        'of a public provider, from one address',
        (at: number) => `s${at}@gmail.com`,
        '203.0.113.9',
        mail('ana@gmail.com', { ...at500, client: '198.51.100.1' }),
      ],
    ])('%s hold nobody up', (_what, sender, client, honest) => {
      expect(waitedMs(flood(sender, client), honest)).toBeLessThan(500);
    });
    it('people of a public provider do not wait for each other', () => {
      const busy = mail('rui@gmail.com', { bytes: 500_000 });
      const order = createReadingOrder();
      order.spent(busy, 9000, 0);
      expect(order.next([mail('ana@cliente.test', { bytes: 2500 }), mail('ana@gmail.com')], 0)).toBe(1);
    });
  });

  it('who burnt reading time goes behind others, and is forgiven in time', () => {
    const order = createReadingOrder();
    order.spent({ sender: 'burner' }, 20_000, 0);
    const pair = [mail('burner'), mail('ana', { bytes: 50_000 })];
    expect(order.next(pair, 0)).toBe(1);
    expect(order.next(pair, 190_000)).toBe(1);
    expect(order.next(pair, 200_000)).toBe(0);
  });

  it('what a sender took adds up, mail by mail', () => {
    const order = createReadingOrder();
    order.spent({ sender: 'burner' }, 10_000, 0);
    order.spent({ sender: 'burner' }, 10, 0);
    expect(order.next([mail('burner'), mail('ana', { bytes: 50_000 })], 0)).toBe(1);
  });

  it('who burnt reading time is known however many others wrote since', () => {
    const order = createReadingOrder();
    order.spent({ sender: 'burner' }, 20_000, 0);
    for (let at = 0; at < 4500; at++) order.spent({ sender: `s${at}` }, 1, at);
    expect(order.next([mail('burner'), mail('ana', { bytes: 50_000 })], 4500)).toBe(1);
  });

  it('a large mail is read too, however many small ones keep coming', () => {
    const small = many(1200, (at) => mail(`s${at}`, { sinceMs: at * 50 }));
    const { turnOf } = readAll([mail('photos', { bytes: 5_000_000 }), ...small], () => 60);
    // The fifth of the time that is the oldest mail's is the ten seconds that it may take by then.
    expect(turnOf('photos')).toBeGreaterThan(500);
    expect(turnOf('photos')).toBeLessThan(700);
  });

  /** 200 kB each, from 150 senders at once, and from another one each second. */
  const backlog = [
    ...many(150, (at) => mail(`evil${at}`, { bytes: 200_000 })),
    ...many(300, (at) => mail(`more${at}`, { bytes: 200_000, sinceMs: at * 1000 })),
  ];
  const takes = ({ bytes }: Given): number => (bytes === 200_000 ? 800 : 100);

  it('a small mail goes before a backlog of any age and of ever new senders', () => {
    const { read, turnOf } = readAll([...backlog, mail('ana', { sinceMs: 60_000 })], takes);
    const waited = read.slice(0, turnOf('ana')).filter(({ at }) => at > 60_000);
    expect(waited.length).toBeLessThanOrEqual(1);
  });

  it('small mails that keep coming wait for few of a backlog, and none of it starves', () => {
    // More than the reader can do beside the backlog.
    const small = many(3500, (at) => mail(`ana${at}`, { sinceMs: 60_000 + at * 100 }));
    const { read, turnOf } = readAll([...backlog, ...small], takes);
    const between = read.slice(turnOf('ana0'), turnOf('ana3499'));
    const spent = between.filter(({ sender }) => !sender.startsWith('ana')).length * 800;
    const all = between.at(-1)!.at - between[0]!.at;
    expect(spent / all).toBeGreaterThan(0.19);
    expect(spent / all).toBeLessThan(0.21);
    expect(turnOf('evil149')).toBeLessThan(turnOf('ana3499'));
  });

  it('a share that the oldest did not need is not saved for the next in age', () => {
    const order = createReadingOrder();
    const line = [
      mail('photos', { bytes: 5_000_000 }),
      mail('storm'),
      mail('storm'),
      mail('ana', { bytes: 1 }),
    ];
    for (let at = 0; at < 5; at++) {
      expect(order.next(line, 0)).toBe(3);
      order.spent({ sender: 'ana' }, 0, 0);
      order.next(line, 0);
      order.spent({ sender: `ana${at}` }, 9000, 0);
    }
    expect(order.next(line, 0)).toBe(0);
    order.spent({ sender: 'photos' }, 60, 0);
    order.spent({ sender: 'storm' }, 20, 0);
    expect(order.next(line.slice(1), 0)).toBe(2);
  });

  it('the mails of one sender keep their order, whatever their sizes', () => {
    const order = createReadingOrder();
    expect(
      order.next([mail('ana', { bytes: 9_000_000 }), mail('ana'), mail('rui', { bytes: 10e6 })], 0),
    ).toBe(0);
  });

  it('what a person waits for is first; a size that is not known counts as a middling one', () => {
    const order = createReadingOrder();
    expect(order.next([mail('ana'), mail('rui', { urgent: true, bytes: 20e6 })], 0)).toBe(1);
    expect(order.next([mail('ana', { bytes: undefined }), mail('rui', { bytes: 99_000 })], 0)).toBe(1);
    expect(order.next([mail('ana', { bytes: undefined }), mail('rui', { bytes: 101_000 })], 0)).toBe(0);
  });
});
