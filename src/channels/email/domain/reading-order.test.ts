import { describe, expect, it } from 'vitest';
import { createReadingOrder, type WaitingMail } from './reading-order.ts';

const mail = (sender: string, more: Partial<WaitingMail> = {}): WaitingMail => ({
  sender,
  bytes: 2000,
  sinceMs: 0,
  urgent: false,
  ...more,
});

/** Reads all of them, each as long as `takes` says, and answers whose turn it was. */
function readAll(given: readonly WaitingMail[], takes: (mail: WaitingMail) => number): string[] {
  const order = createReadingOrder();
  const line = [...given];
  const read: string[] = [];
  let now = 0;
  while (line.length > 0) {
    const arrived = line.filter(({ sinceMs }) => sinceMs <= now);
    const [next] = line.splice(line.indexOf(arrived[order.next(arrived, now)]!), 1);
    read.push(next!.sender);
    now += takes(next!);
    order.spent(next!.sender, takes(next!), now);
  }
  return read;
}

describe('the order in which mails are read', () => {
  it('senders take turns', () => {
    const storm = Array.from({ length: 100 }, () => mail('storm'));
    const read = readAll([...storm, mail('ana', { sinceMs: 500 }), mail('rui', { sinceMs: 500 })], () => 30);
    // Who came while the seventeenth was read is next.
    expect([read.indexOf('ana'), read.indexOf('rui')]).toEqual([17, 18]);
  });

  it('a small mail comes before forty that cost two seconds each, from one sender or from forty', () => {
    for (const sender of [() => 'flood', (at: number) => `flood${at}`]) {
      const flood = Array.from({ length: 40 }, (_, at) => mail(sender(at), { bytes: 440_000 }));
      const read = readAll([...flood, mail('ana', { sinceMs: 5000 })], ({ bytes }) =>
        bytes === 440_000 ? 1900 : 3,
      );
      expect(read.indexOf('ana')).toBe(3);
    }
  });

  it('who burnt reading time goes behind others, and is forgiven in time', () => {
    const order = createReadingOrder();
    order.spent('burner', 20_000, 0);
    const pair = (now: number) => [
      mail('burner', { sinceMs: now }),
      mail('ana', { sinceMs: now, bytes: 50_000 }),
    ];
    expect(order.next(pair(0), 0)).toBe(1);
    expect(order.next(pair(190_000), 190_000)).toBe(1);
    expect(order.next(pair(200_000), 200_000)).toBe(0);
  });

  it('a large mail is read too, however many small ones keep coming', () => {
    const small = Array.from({ length: 5000 }, (_, at) => mail(`s${at}`, { sinceMs: at * 50 }));
    const read = readAll([mail('photos', { bytes: 5_000_000 }), ...small], () => 60);
    const at = read.indexOf('photos');
    expect(at).toBeGreaterThan(1000);
    expect(at).toBeLessThan(4500);
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
