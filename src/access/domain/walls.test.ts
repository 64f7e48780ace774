import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Act, type Asker, may, type Place, reachOf, reachWords, sight, type Thing } from './walls.ts';

const QUEUES = ['suporte', 'financeiro', 'ouvidoria'];
const PEOPLE = ['ana', 'bruno', 'carla'];

const asker: fc.Arbitrary<Asker> = fc.record({
  userId: fc.constantFrom(...PEOPLE),
  companyId: fc.constantFrom('c1', 'c2'),
  role: fc.constantFrom('operator', 'supervisor', 'admin'),
  queues: fc.subarray(QUEUES),
});
const place: fc.Arbitrary<Place> = fc.record({
  queue: fc.constantFrom(null, ...QUEUES),
  agentId: fc.constantFrom(null, ...PEOPLE),
});
const companyId = fc.constantFrom('c1', 'c2');
const thing: fc.Arbitrary<Thing> = fc.oneof(
  fc.tuple(companyId, place).map(([id, where]) => ({ kind: 'contact' as const, companyId: id, ...where })),
  fc.record({ kind: fc.constant('demand' as const), companyId, places: fc.array(place) }),
  fc.record({
    kind: fc.constant('file' as const),
    companyId,
    uploadedBy: fc.constantFrom(null, ...PEOPLE),
    places: fc.option(fc.array(place)),
  }),
  fc.record({ kind: fc.constant('queue' as const), companyId, key: fc.constantFrom(...QUEUES) }),
  fc.record({
    kind: fc.constant('agent' as const),
    companyId,
    id: fc.constantFrom(...PEOPLE),
    queues: fc.subarray(QUEUES),
  }),
  fc.record({ kind: fc.constant('record' as const), companyId, of: fc.constantFrom(...PEOPLE) }),
  fc.record({ kind: fc.constantFrom('customer' as const, 'company' as const, 'house' as const), companyId }),
);
const ACTS: readonly Act[] = ['see', 'work', 'manage', 'configure'];

const ana: Asker = { userId: 'ana', companyId: 'c1', role: 'operator', queues: ['suporte'] };
const chief: Asker = { ...ana, userId: 'sil', role: 'supervisor', queues: [] };
const contact = (queue: string | null, agentId: string | null): Thing => ({
  kind: 'contact',
  companyId: 'c1',
  queue,
  agentId,
});

describe('may this person do this to that', () => {
  it('nothing of another company, whoever asks', () => {
    fc.assert(
      fc.property(asker, thing, fc.constantFrom(...ACTS), (who, what, act) => {
        fc.pre(who.companyId !== what.companyId);
        expect(may(who, act, what)).toBe(false);
      }),
    );
  });
  it('who may do more may do less: nobody works on or manages what they may not see', () => {
    fc.assert(
      fc.property(asker, thing, (who, what) => {
        if (may(who, 'work', what) || may(who, 'manage', what)) expect(may(who, 'see', what)).toBe(true);
      }),
    );
  });
  it('operators: the work of their queues and their own', () => {
    expect(may(ana, 'see', contact('suporte', 'bruno'))).toBe(true);
    expect(may(ana, 'see', contact('financeiro', 'ana'))).toBe(true);
    expect(may(ana, 'see', contact('financeiro', 'bruno'))).toBe(false);
    expect(may(ana, 'see', contact(null, null))).toBe(false);
    expect(may(ana, 'work', contact('suporte', 'bruno'))).toBe(false);
    expect(may(ana, 'work', contact('financeiro', 'ana'))).toBe(true);
    expect(may(ana, 'manage', contact('suporte', 'ana'))).toBe(false);
  });
  it('operators see themselves, in queues or in none, and of others who works in their queues', () => {
    const agent = (id: string, ...queues: string[]): Thing => ({
      kind: 'agent',
      companyId: 'c1',
      id,
      queues,
    });
    expect(may({ ...ana, queues: [] }, 'see', agent('ana'))).toBe(true);
    expect(may(ana, 'see', agent('ana', 'financeiro'))).toBe(true);
    expect(may(ana, 'see', agent('bruno', 'suporte'))).toBe(true);
    expect(may(ana, 'see', agent('bruno', 'financeiro'))).toBe(false);
    expect(may({ ...ana, queues: [] }, 'see', agent('bruno'))).toBe(false);
  });
  it('supervisors: their company; administrators set it up', () => {
    expect(may(chief, 'work', contact('financeiro', 'bruno'))).toBe(true);
    expect(may(chief, 'manage', { kind: 'demand', companyId: 'c1', places: [] })).toBe(true);
    expect(may(chief, 'configure', { kind: 'company', companyId: 'c1' })).toBe(false);
    expect(may({ ...chief, role: 'admin' }, 'configure', { kind: 'company', companyId: 'c1' })).toBe(true);
  });
  it('a file that was not sent yet is its uploader’s alone', () => {
    const draft: Thing = { kind: 'file', companyId: 'c1', uploadedBy: 'ana', places: null };
    expect(may(ana, 'see', draft)).toBe(true);
    expect(may({ ...ana, userId: 'bruno' }, 'see', draft)).toBe(false);
    expect(may(chief, 'see', draft)).toBe(false);
    const sent: Thing = { ...draft, places: [{ queue: 'financeiro', agentId: 'bruno' }] };
    expect(may(ana, 'see', sent)).toBe(false);
  });
  it('the filter of lists says the same of every contact', () => {
    fc.assert(
      fc.property(asker, place, (who, where) => {
        const within = sight(who);
        const listed =
          within === undefined ||
          within.agentId === where.agentId ||
          (where.queue !== null && within.queues.includes(where.queue));
        expect(listed).toBe(may(who, 'see', { kind: 'contact', companyId: who.companyId, ...where }));
      }),
    );
  });
  it('the words of the index say the same of every demand', () => {
    fc.assert(
      fc.property(asker, fc.array(place), (who, places) => {
        const words = reachWords(who);
        const listed = words === undefined || reachOf(places).some((word) => words.includes(word));
        expect(listed).toBe(may(who, 'see', { kind: 'demand', companyId: who.companyId, places }));
      }),
    );
  });
});
