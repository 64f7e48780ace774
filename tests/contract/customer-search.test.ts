import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createCustomers,
  createCustomerStore,
  type CustomerFacts,
  type Customers,
} from '../../src/customers/index.ts';
import type { Store } from '../../src/platform/store/index.ts';
import { nameWords } from '../../src/platform/store/migrations/name-words.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { storeEngines, titleOf } from '../support/stores.ts';

const C = 'exemplo';
const person = (n: number, facts: Partial<CustomerFacts>): CustomerFacts => ({
  externalId: `E${n}`,
  name: `Pessoa ${n}`,
  document: '',
  personType: 'PF',
  phones: [],
  emails: [],
  keys: [],
  ...facts,
});
const PEOPLE: readonly CustomerFacts[] = [
  person(1, {
    name: 'João Conceição',
    document: '52998224725',
    phones: ['+5511987654321'],
    emails: ['joao.c@provedor.test'],
    keys: ['joaoc', 'c0000777'],
  }),
  person(2, { name: 'Rosário de Lima', document: '12ABC34501DE35', personType: 'PJ' }),
  person(3, { name: 'Bia Souza', document: '11122233344', phones: ['+551133334444'], keys: ['rosa'] }),
  person(4, { name: 'Pessoa Quatro', tradeName: 'Padaria da Conceição' }),
  ...Array.from({ length: 30 }, (_, n) =>
    person(100 + n, { name: `Vizinho ${n}`, address: `Rua do Rosário, ${n}`, district: 'Centro' }),
  ),
];

for (const engine of storeEngines())
  describe.skipIf(!engine.present)(titleOf('search of customers', engine), () => {
    let store: Store;
    let customers: Customers;
    beforeAll(async () => {
      await engine.setUp();
      store = await engine.open();
      customers = createCustomers({
        store: createCustomerStore(store.connection),
        clock: systemClock,
        random: systemRandom,
      });
      await store.ensureIndexes();
      // The neighbours first: what is found last in the order of arrival must still come first.
      for (const facts of [...PEOPLE].reverse()) await customers.upsert(C, 'erp', facts);
    }, 120_000);
    afterAll(async () => {
      await store.stop();
      await engine.tearDown();
    });
    const names = async (text: string, limit = 5): Promise<string[]> =>
      (await customers.search(C, text, limit)).map(({ name }) => name);

    it('one customer that is told several times at once, and had no name, is one', async () => {
      const told = ['', '', 'Maria das Dores', ''].map((name) => person(9000, { name, keys: ['doresm'] }));
      await Promise.all(told.map((facts) => customers.upsert(C, 'erp', facts)));
      await customers.upsert(C, 'erp', person(9000, { name: 'Maria das Dores', keys: ['doresm'] }));
      expect(await names('doresm')).toEqual(['Maria das Dores']);
    });
    it.each([
      ['529.982.247-25', ['João Conceição']],
      ['52998224725', ['João Conceição']],
      ['12.abc.345/01de-35', ['Rosário de Lima']],
      // Its check digits are wrong, and the ERP has it so.
      ['111.222.333-44', ['Bia Souza']],
      ['(11) 98765-4321', ['João Conceição']],
      ['11 8765-4321', ['João Conceição']],
      ['+55 11 9876', ['João Conceição']],
      ['11 9876', ['João Conceição']],
      ['11 8765', ['João Conceição']],
      ['1133334', ['Bia Souza']],
      ['JOAO.C@prov', ['João Conceição']],
      ['joão.c', ['João Conceição']],
      ['c000077', ['João Conceição']],
      ['C0000777', ['João Conceição']],
      ['E4', ['Pessoa Quatro']],
      ['CONCEICAO', ['João Conceição', 'Pessoa Quatro']],
      ['joao conc', ['João Conceição']],
      ['ninguem', []],
    ])('%s', async (text, expected) => {
      expect((await names(text)).sort()).toEqual([...expected].sort());
    });

    it('gives names before logins, and those before addresses', async () => {
      const found = await names('rosa', 6);
      expect(found.slice(0, 2).sort()).toEqual(['Bia Souza', 'Rosário de Lima']);
      expect(found.slice(2).every((name) => name.startsWith('Vizinho'))).toBe(true);
      expect(found).toHaveLength(6);
      expect((await names('rosario', 3))[0]).toBe('Rosário de Lima');
    });

    it('finds a name together with its street', async () => {
      expect(await names('vizinho rosario 29')).toEqual(['Vizinho 29']);
    });

    it('customers of an earlier release learn the words of their names, and twice is the same', async () => {
      const collection = store.connection.collection('customers');
      await collection.updateMany({}, { $unset: { nameWords: '' } });
      expect((await names('rosario', 3)).every((name) => name.startsWith('Vizinho'))).toBe(true);
      for (let turn = 0; turn < 2; turn++) {
        await nameWords.up(store.connection);
        expect((await names('rosario', 3))[0]).toBe('Rosário de Lima');
      }
    });
  });
