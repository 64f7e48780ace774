import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { createDrafts, leftOf } from './drafts.ts';

describe('a reply on its way', () => {
  it('has one key as long as it is the same, also after F5, and another one when it is another', () => {
    const storage = memoryStorage();
    let made = 0;
    const keys = (): string => `k${String((made += 1))}`;
    const drafts = createDrafts(storage, 'u1', { newKey: keys });
    expect(drafts.keyOf('i1', 'oi')).toBe('k1');
    expect(drafts.keyOf('i1', 'oi')).toBe('k1');
    expect(createDrafts(storage, 'u1', { newKey: keys }).keyOf('i1', 'oi')).toBe('k1');
    expect(drafts.keyOf('i1', 'oi!')).toBe('k2');
    drafts.change('i1', { sending: null });
    expect(drafts.keyOf('i1', 'oi!')).toBe('k3');
  });

  it('keys are not guessed and not repeated', () => {
    const drafts = createDrafts(memoryStorage(), 'u1');
    expect(drafts.keyOf('i1', 'oi')).toMatch(/^[0-9a-f]{32}$/);
    expect(drafts.keyOf('i2', 'oi')).not.toBe(drafts.keyOf('i1', 'oi'));
  });

  it('words typed meanwhile stay', () => {
    expect(leftOf('Bom dia', 'Bom dia')).toBe('');
    expect(leftOf('  Bom dia\nAté já', 'Bom dia')).toBe('Até já');
    expect(leftOf('Outra coisa', 'Bom dia')).toBe('Outra coisa');
  });
});

describe('a file on its way up', () => {
  it('holds the reply, and arrives in the draft of its contact whatever is shown meanwhile', async () => {
    const storage = memoryStorage();
    const drafts = createDrafts(storage, 'u1');
    const file = { id: 'a1', filename: 'fatura.pdf', sizeBytes: 9 };
    let arrive: (made: typeof file) => void = () => undefined;
    const rise = drafts.rise('i1', new Promise<typeof file>((resolve) => (arrive = resolve)));
    expect(drafts.rising.get()).toEqual({ i1: 1 });
    drafts.change('i1', { reply: 'Segue a fatura' });
    arrive(file);
    await rise;
    expect(drafts.rising.get()).toEqual({ i1: 0 });
    expect(createDrafts(storage, 'u1').of('i1')).toMatchObject({ reply: 'Segue a fatura', files: [file] });
  });

  it('that fails holds nothing', async () => {
    const drafts = createDrafts(memoryStorage(), 'u1');
    await expect(drafts.rise('i1', Promise.reject(new Error('413')))).rejects.toThrow('413');
    expect(drafts.rising.get()).toEqual({ i1: 0 });
    expect(drafts.of('i1').files).toEqual([]);
  });
});

describe('what is kept in a browser that several people use', () => {
  it('a draft is of who typed it: the next one neither sees it nor takes it away', () => {
    const storage = memoryStorage();
    createDrafts(storage, 'carla').change('i1', { reply: 'Prezada cliente' });
    const bruno = createDrafts(storage, 'bruno');
    expect(bruno.store.get()).toEqual({});
    expect(bruno.of('i1').reply).toBe('');
    bruno.change('i1', { reply: 'Boa tarde' });
    bruno.forget('i1', bruno.of('i1'));
    expect(createDrafts(storage, 'carla').of('i1').reply).toBe('Prezada cliente');
  });

  it('what a former version kept of nobody in particular is shown to nobody', () => {
    const storage = memoryStorage();
    storage.setItem('ramal.token', 'tok');
    for (const id of ['i1', 'i2', 'i3'])
      storage.setItem(`ramal.draft.${id}`, JSON.stringify({ mode: 'reply', reply: 'de quem?' }));
    expect(createDrafts(storage, 'bruno').store.get()).toEqual({});
    expect([storage.length, storage.key(0)]).toEqual([1, 'ramal.token']);
  });
});
