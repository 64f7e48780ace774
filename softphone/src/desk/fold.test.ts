import { describe, expect, it } from 'vitest';
import { mailTimeline, mariaTimeline } from '../../../tests/e2e/desk-world.ts';
import { foldMachine } from './fold.ts';

describe('steps of the machine', () => {
  it('before a person are one line with their span; people stay as they are', () => {
    const folded = foldMachine(mariaTimeline());
    expect(folded.map((one) => (one.kind === 'machine' ? one.entries.length : one.entry.kind))).toEqual([
      5,
      'accepted',
      'connected',
      'note',
    ]);
    expect(folded[0]).toMatchObject({ kind: 'machine', spanMs: 74_000 });
  });

  it('say what took the time: the menu, the wait for a person, or both', () => {
    const base = mariaTimeline()[0]!;
    const told = (...kinds: string[]) =>
      foldMachine(kinds.map((kind, index) => ({ ...base, id: String(index), kind, data: {} }))).map((one) =>
        one.kind === 'machine' ? one.of : one.entry.kind,
      );
    expect(told('opened', 'queued', 'offered', 'offerRevoked', 'requeued')).toEqual(['wait']);
    expect(told('opened', 'flow.say', 'flow.menu', 'queued')).toEqual(['flow']);
    expect(told('opened', 'flow.menu', 'queued', 'offered')).toEqual(['both']);
    // A call that ended in the menu waited for nobody.
    expect(told('opened', 'flow.say', 'flow.menu')).toEqual(['flow']);
  });

  it('of a talk are no menu and no wait, however many: each is shown', () => {
    const base = mariaTimeline()[0]!;
    const shown = (...kinds: string[]) =>
      foldMachine(kinds.map((kind, index) => ({ ...base, id: String(index), kind, data: {} }))).map((one) =>
        one.kind === 'machine' ? one.entries.length : one.entry.kind,
      );
    const talk = ['recordingStarted', 'connected', 'sound.both'];
    expect(shown('opened', 'flow.menu', 'queued', 'accepted', ...talk)).toEqual([3, 'accepted', ...talk]);
    expect(shown('opened', ...talk)).toEqual(['opened', ...talk]);
    // A contact that comes back to the queue at once: its wait is one line with them.
    expect(shown('accepted', ...talk, 'requeued', 'offered')).toEqual(['accepted', 5]);
  });

  it('are not what cost the customer its time: an offer at a lost desk stands by itself', () => {
    const base = mariaTimeline()[0]!;
    const revoked = (reason: string) => ({ ...base, id: reason, kind: 'offerRevoked', data: { reason } });
    const queued = { ...base, id: 'q', kind: 'queued', data: {} };
    const folded = foldMachine([queued, revoked('presence'), revoked('onCall'), revoked('deskLost')]);
    expect(folded.map((one) => one.kind)).toEqual(['machine', 'entry']);
  });

  it('are also the offers that nobody answered, and the line says how many', () => {
    const base = mariaTimeline()[0]!;
    const kinds = ['queued', ...Array<string[]>(11).fill(['offered', 'offerTimedOut']).flat(), 'accepted'];
    kinds.splice(4, 0, 'offered', 'offerRejected');
    const [waited, answered, ...more] = foldMachine(
      kinds.map((kind, index) => ({ ...base, id: String(index), kind, data: {} })),
    );
    expect(waited).toMatchObject({ kind: 'machine', of: 'wait', unanswered: 12 });
    expect(answered).toMatchObject({ kind: 'entry', entry: { kind: 'accepted' } });
    expect(more).toEqual([]);
  });

  it('are no messages and no warnings', () => {
    expect(foldMachine(mailTimeline()).every((one) => one.kind === 'entry')).toBe(true);
    const base = mariaTimeline()[0]!;
    const kinds = ['flow.say', 'flow.fault', 'flow.menu', 'queued'].map((kind) => ({
      ...base,
      id: kind,
      kind,
    }));
    expect(foldMachine(kinds).every((one) => one.kind === 'entry')).toBe(true);
  });
});
