import { describe, expect, it } from 'vitest';
import type { CustomerContext, SectionName } from '../contracts/context.ts';
import type { Identity } from '../contracts/interaction.ts';
import type { CustomerFacts, Customers } from './customers.ts';
import { createCustomerFiles, type FileContact, type FileSubject } from './files.ts';
import type { Customer } from './store.ts';

const person = (name: string): Customer & CustomerFacts => ({
  _id: name,
  companyId: 'c',
  source: 'erp',
  externalId: `erp-${name}`,
  name,
  document: '52998224725',
  personType: 'PF' as const,
  phones: ['+5511970146411'],
  emails: [],
  keys: [],
  updatedAt: new Date(0),
});
const [BRUNO, CARLA] = [person('bruno'), person('carla')];

/** Something that the test lets happen. */
function gate<T>() {
  let open: (value: T | Promise<T>) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
/** Everything that was already promised has happened. */
const settled = () => new Promise<void>((done) => setImmediate(done));

function world(known: readonly Customer[]) {
  const own = [...known];
  let contact: FileContact = {
    id: 'i1',
    companyId: 'c',
    channel: 'voice',
    contact: { address: '+5511970146411' },
    customer: null,
    identity: 'unknown',
  };
  const erp = gate<readonly CustomerFacts[]>();
  const loads = new Map<string | null, ReturnType<typeof gate<undefined>>>();
  const told: (string | null)[] = [];
  const faults: unknown[] = [];
  const identified: string[] = [];
  let asked = 0;

  const context = (subject: FileSubject, state: 'loading' | 'ok'): CustomerContext => {
    const section = { state };
    return {
      customerId: subject.customerId,
      candidates: subject.candidates,
      sections: {
        customer: section,
        contracts: section,
        invoices: section,
        connection: section,
        tickets: section,
        outage: section,
      },
    };
  };
  const found = () => ({ customer: own.length === 1 ? (own[0] ?? null) : null, candidates: own });
  const customers = {
    get: (_company: string, id: string) => Promise.resolve(own.find((c) => c._id === id) ?? null),
    byPhone: () => Promise.resolve(found()),
    upsert: (_company: string, _source: string, facts: CustomerFacts) => {
      own.push(person(facts.name));
      return Promise.resolve();
    },
  } as unknown as Customers;
  const files = createCustomerFiles({
    customers,
    contexts: {
      snapshot: (_company, subject) => context(subject, 'ok'),
      async load(_company, subject, onSection: (name: SectionName, context: CustomerContext) => void) {
        const wait = gate<undefined>();
        loads.set(subject.customerId, wait);
        await wait.opened;
        onSection('customer', context(subject, 'ok'));
        return context(subject, 'ok');
      },
    },
    askErp: () => {
      asked += 1;
      return erp.opened;
    },
    source: 'erp',
    current: () => Promise.resolve(contact),
    identify: (_contact, customer, identity) => {
      if (contact.customer !== null) return Promise.resolve(false);
      identified.push(customer._id);
      becomes(customer, identity);
      return Promise.resolve(true);
    },
    onSection: (_contact, _name, { customerId }) => void told.push(customerId),
    onFault: (error) => void faults.push(error),
  });
  /** As the composition root: a committed change of the customer begins a new look. */
  function becomes(customer: Customer | null, identity: Identity): void {
    contact = { ...contact, customer: customer === null ? null : { id: customer._id }, identity };
    if (customer === null) files.leaveOpen(contact);
    else files.start(contact);
  }
  return {
    files,
    told,
    identified,
    becomes,
    contact: () => contact,
    asked: () => asked,
    faults,
    answer: (names: readonly string[]) => erp.open(names.map(person)),
    fail: (error: Error) => erp.open(Promise.reject(error)),
    arrive: (customer: string | null) => loads.get(customer)?.open(undefined),
    own,
  };
}

describe('the file follows the choice', () => {
  it('several on one phone are candidates, and stay in sight when one was chosen', async () => {
    const w = world([BRUNO, CARLA]);
    w.files.start(w.contact());
    await settled();
    expect(w.files.snapshot(w.contact())).toMatchObject({
      customerId: null,
      candidates: [{ id: 'bruno', documentMasked: '***.982.247-**' }, { id: 'carla' }],
    });
    w.becomes(CARLA, 'unconfirmed');
    await settled();
    expect(w.files.snapshot(w.contact())).toMatchObject({
      customerId: 'carla',
      candidates: [{ id: 'bruno' }, { id: 'carla' }],
    });
  });

  it('what still arrives of the one chosen before is shown to nobody', async () => {
    const w = world([BRUNO, CARLA]);
    w.becomes(BRUNO, 'unconfirmed');
    await settled();
    w.becomes(CARLA, 'unconfirmed');
    await settled();
    w.arrive('bruno');
    w.arrive('carla');
    await settled();
    expect(w.told).toEqual(['carla']);
  });

  it('the moment after a change shows a file on its way, never the other one’s', async () => {
    const w = world([BRUNO, CARLA]);
    w.becomes(BRUNO, 'unconfirmed');
    await settled();
    w.becomes(CARLA, 'unconfirmed');
    const now = w.files.snapshot(w.contact());
    expect(now.customerId).toBe('carla');
    expect(now.sections.customer.state).toBe('loading');
  });
});

describe('a slow ERP', () => {
  it('names the caller when nobody else did', async () => {
    const w = world([]);
    w.files.start(w.contact());
    await settled();
    w.answer(['bruno']);
    await settled();
    expect(w.identified).toEqual(['bruno']);
  });

  it('does not overrule the operator who chose meanwhile', async () => {
    const w = world([]);
    w.files.start(w.contact());
    await settled();
    w.own.push(CARLA);
    w.becomes(CARLA, 'confirmed');
    await settled();
    w.answer(['bruno']);
    await settled();
    expect(w.identified).toEqual([]);
    expect(w.contact().customer).toEqual({ id: 'carla' });
    w.arrive('carla');
    await settled();
    expect(w.told).toEqual(['carla']);
  });

  it('does not choose again after a choice was taken back', async () => {
    const w = world([CARLA]);
    w.becomes(CARLA, 'unconfirmed');
    await settled();
    w.own.splice(0);
    w.becomes(null, 'unknown');
    await settled();
    w.answer(['bruno']);
    await settled();
    expect(w.identified).toEqual([]);
    expect(w.files.snapshot(w.contact())).toMatchObject({ customerId: null, candidates: [{ id: 'bruno' }] });
  });

  it('that fails leaves the question open, and the screen does not wait for ever', async () => {
    const w = world([]);
    w.files.start(w.contact());
    await settled();
    w.fail(new Error('unreachable'));
    await settled();
    w.arrive(null);
    await settled();
    expect(w.told).toEqual([null]);
    expect(w.faults).toHaveLength(1);
  });

  it('is asked once, however often the screen is opened while it thinks', async () => {
    const w = world([]);
    w.files.start(w.contact());
    await settled();
    for (let i = 0; i < 5; i++) {
      w.files.snapshot(w.contact());
      await settled();
    }
    expect(w.asked()).toBe(1);
    w.answer(['bruno']);
    await settled();
    expect(w.identified).toEqual(['bruno']);
  });
});
