import { describe, expect, it } from 'vitest';
import { matchOf } from './match.ts';
import type { Customer } from './store.ts';

const customer: Customer = {
  _id: 'x',
  companyId: 'c',
  source: 'erp',
  externalId: 'E1001',
  name: 'João Araújo',
  tradeName: 'Padaria Aurora',
  document: '52998224725',
  personType: 'PF',
  phones: ['+551133334444', '+5511987654321'],
  emails: ['joao@provedor.test'],
  keys: ['joao.a', 'c0001'],
  district: 'Centro',
  address: 'Rua do Rosário, 12',
  updatedAt: new Date(0),
};

describe('why a customer was found', () => {
  it.each([
    ['529.982.247-25', 'document', '***.982.247-**'],
    ['(11) 98765-4321', 'phone', '+5511****4321'],
    ['11 9876', 'phone', '+5511****4321'],
    ['1133334', 'phone', '+5511****4444'],
    ['JOAO@prov', 'email', 'joao@provedor.test'],
    ['João.A', 'key', 'joao.a'],
    ['C0001', 'key', 'c0001'],
    ['E1001', 'code', 'E1001'],
    ['araujo', 'name', 'João Araújo'],
    ['padaria', 'tradeName', 'Padaria Aurora'],
    ['rosario 12', 'address', 'Rua do Rosário, 12'],
    ['araujo rosario', 'name', 'João Araújo'],
    ['centro', 'district', 'Centro'],
  ])('%s: %s', (query, field, text) => {
    expect(matchOf(customer, query)).toEqual({ field, text });
  });

  it('is not told where nothing of it is shown to match', () => {
    expect(matchOf(customer, 'zzz')).toBeUndefined();
  });
});
