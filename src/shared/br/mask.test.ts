import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeCnpj, completeCpf } from './documents.ts';
import { maskPersonal } from './mask.ts';

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((all) => all.join(''));
const words = fc.constantFrom('', 'Maria ', 'cpf: ', 'tel ', '"', '\n');

describe('what logs keep of a text that people typed', () => {
  it.each([
    ['Maria da Silva', 'Maria da Silva'],
    ['Rua 7 de Setembro 1200', 'Rua 7 de Setembro 1200'],
    ['52998224725', '***.982.247-**'],
    ['cpf 529.982.247-25 Maria', 'cpf ***.982.247-** Maria'],
    ['11 98765 4321', '+5511****4321'],
    ['m@x.br', 'm…@x.br'],
    ['"maria.souza@cliente.test", joao@x.br', '"ma…@cliente.test", jo…@x.br'],
    ['maria@ cliente, rui@@x.br', 'maria@ cliente, rui@@x.br'],
    ['5031 4332 1540 6351', '50****51'],
    ['a\u0000\u001b[31mb', 'a  [31mb'],
  ])('%j becomes %j', (text, masked) => {
    expect(maskPersonal(text)).toBe(masked);
  });
  it('no document, phone or card number comes through whole, whatever stands around it', () => {
    const secret = fc.oneof(
      digits(9).map(completeCpf),
      digits(12).map(completeCnpj),
      digits(8).map((rest) => `119${rest}`),
      digits(16),
    );
    fc.assert(
      fc.property(words, secret, words, (before, number, after) => {
        expect(maskPersonal(`${before}${number}${after}`)).not.toContain(number);
      }),
    );
  });
  it('is short', () => {
    expect(maskPersonal('palavra '.repeat(1000)).length).toBeLessThan(130);
  });
});
