import { describe, expect, it } from 'vitest';
import { writerOf } from './people.ts';
import { plainName } from './plain-name.ts';

const SENDER = 'outra@c2.test';

describe('a name in a mail', () => {
  it.each([
    ['maria@c.test', undefined],
    ['<maria@c.test>', undefined],
    ["'mailto:maria@c.test'", undefined],
    ['maria＠c.test', undefined],
    ['ｍａｒｉａ＠ｃ．ｔｅｓｔ', undefined],
    ['maria@c.test, joao@c.test', undefined],
    ["'maria@c.test' via Suporte", undefined],
    ['Maria Silva (maria@c.test)', 'Maria Silva'],
    ['maria@c.test - Maria Silva', 'Maria Silva'],
  ])('%j holds another address, which is left out: %j', (name, left) =>
    expect(plainName(name, SENDER)).toEqual({ name: left, misleads: true }),
  );
  it.each([
    ['Outra@C2.test'],
    ['Outra (outra+x@c2.test)'],
    ['outra＠c2.test'],
    ['ｏｕｔｒａ＠ｃ２．ｔｅｓｔ'],
    ['Maria @ Loja'],
    ['@maria'],
    ['Vendas@Loja'],
    ['j.silva@Loja'],
    ['Maria Silva'],
    ['Maria via Suporte'],
  ])('%j holds none', (name) => expect(plainName(name, SENDER)).toEqual({ name, misleads: false }));
  it('is none where nothing is said', () =>
    expect(plainName('', SENDER)).toEqual({ name: undefined, misleads: false }));
  it('is no other address where a list tells who wrote, either', () => {
    const writer = (value: string) =>
      writerOf({
        from: undefined,
        replyTo: [],
        to: [],
        cc: [],
        header: (name) => (name === 'x-original-from' ? value : undefined),
        ours: new Set(),
        envelopeFrom: 'x@list.test',
      });
    expect(writer(`"maria@c.test" <${SENDER}>`)).toMatchObject({ address: SENDER, name: undefined });
    expect(writer(`Maria <${SENDER}>`)).toMatchObject({ address: SENDER, name: 'Maria' });
  });
});
