import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { createDrafts, unsentTexts, type Drafts } from './drafts.ts';

/** Two tabs of one browser: what one writes the other reads at once, and is told of when the browser gets to it. */
function twoTabs() {
  const storage = memoryStorage();
  const pending: (() => void)[] = [];
  const listeners = new Map<string, (key: string | null) => void>();
  const tab = (name: string, userId = 'ana'): Drafts => {
    const tell = (key: string): void => {
      for (const [other, listener] of listeners)
        if (other !== name) pending.push(() => listeners.get(other) === listener && listener(key));
    };
    const own: Storage = {
      get length() {
        return storage.length;
      },
      key: (index) => storage.key(index),
      getItem: (key) => storage.getItem(key),
      clear: () => storage.clear(),
      setItem: (key, value) => {
        storage.setItem(key, value);
        tell(key);
      },
      removeItem: (key) => {
        if (storage.getItem(key) === null) return;
        storage.removeItem(key);
        tell(key);
      },
    };
    return createDrafts(own, userId, {
      onStorage: (listener) => {
        listeners.set(name, listener);
        return () => void listeners.delete(name);
      },
    });
  };
  const hear = (): void => {
    while (pending.length > 0) pending.shift()?.();
  };
  const cleared = (): void => {
    for (const listener of listeners.values()) listener(null);
  };
  return { storage, tab, hear, cleared, listeners };
}

describe('the drafts of two tabs of one person', () => {
  let tabs: ReturnType<typeof twoTabs>;
  let first: Drafts;
  let second: Drafts;
  beforeEach(() => {
    tabs = twoTabs();
    first = tabs.tab('first');
    second = tabs.tab('second');
  });
  const afterF5 = () => tabs.tab('again').of('x');

  it('another field of the same contact is left alone, heard of or not', () => {
    first.change('x', { reply: 'Prezado cliente' });
    second.change('x', { mode: 'note' });
    second.change('x', { note: 'ligar amanhã' });
    expect(afterF5()).toMatchObject({ reply: 'Prezado cliente', note: 'ligar amanhã' });
    expect(first.of('x')).toMatchObject({ reply: 'Prezado cliente', note: 'ligar amanhã', mode: 'reply' });
  });

  it('what is typed in one stands in the other once that hears of it; only the mode is of the tab', () => {
    first.change('x', { reply: 'Prezado', mode: 'note', subject: 'suporte' });
    expect(second.store.get()).toEqual({});
    tabs.hear();
    expect(second.store.get()['x']).toMatchObject({ reply: 'Prezado', mode: 'reply', subject: 'suporte' });
    second.change('x', { reply: 'Prezado cliente' });
    tabs.hear();
    expect(first.store.get()['x']).toMatchObject({ reply: 'Prezado cliente', mode: 'note' });
    first.change('x', { reply: '' });
    tabs.hear();
    expect(second.store.get()['x']?.reply).toBe('');
  });

  it.each([
    ['', 'Bom dia', 'Boa tarde', 'Bom dia\nBoa tarde'],
    ['Bom', 'Bom dia', 'Bom!', 'Bom dia!'],
    ['Bom dia', '', 'Bom dia, Ana', ', Ana'],
    ['Bom dia', 'Bom dia', 'Boa', 'Boa'],
    ['Bom dia', 'Olá', 'Boa', 'Olá\nBoa'],
    ['Bom', 'Bom dia', 'Bom dia', 'Bom dia'],
  ])('both typed over %j before one heard of the other: %j and %j are %j', (known, other, typed, both) => {
    for (const field of ['reply', 'note', 'closingNote'] as const) {
      first.change('x', { [field]: known });
      tabs.hear();
      first.change('x', { [field]: other });
      second.change('x', { [field]: typed });
      expect(second.store.get()['x']?.[field] ?? '').toBe(both);
      expect(afterF5()[field]).toBe(both);
      tabs.hear();
    }
  });

  it('a close in one takes what it carried, not the reply that stands in the other', () => {
    first.change('x', { subject: 'suporte', reason: 'lentidao', closingNote: 'resolvido' });
    tabs.hear();
    const carried = first.of('x');
    second.change('x', { reply: 'Segue a fatura', closingNote: 'resolvido, avisar' });
    first.forget('x', { ...carried, note: '', reply: '' });
    first.settle('x');
    tabs.hear();
    second.settle('x');
    for (const one of [first.of('x'), second.of('x'), afterF5()]) {
      expect(unsentTexts(one)).toEqual(['Segue a fatura', 'resolvido, avisar']);
      expect(one.subject).toBeNull();
    }
  });

  it('what is typed in one leaves the other its own mode, also over F5', () => {
    first.change('x', { reply: 'Prezado' });
    second.change('x', { mode: 'note' });
    first.change('x', { reply: 'Prezado cliente' });
    expect(afterF5()).toMatchObject({ mode: 'note', reply: 'Prezado cliente' });
  });

  it('a close leaves no mode and no word of what the server keeps, whoever changed them meanwhile', () => {
    first.change('x', { closingNote: 'resolvido' });
    tabs.hear();
    const carried = first.of('x');
    second.change('x', { mode: 'note', saved: 'what the server keeps by now' });
    first.forget('x', carried);
    tabs.hear();
    expect([first.store.get(), tabs.storage.length]).toEqual([{}, 0]);
  });

  it('a contact that ended is settled by what both wrote', () => {
    first.change('x', { subject: 'suporte' });
    tabs.hear();
    second.change('x', { reply: 'Segue a fatura' });
    first.settle('x');
    expect(afterF5().reply).toBe('Segue a fatura');
    second.change('x', { reply: '' });
    first.settle('x');
    tabs.hear();
    expect([first.store.get(), second.store.get(), tabs.storage.length]).toEqual([{}, {}, 0]);
  });

  it('files that go up in both are all in the draft, and the same reply is one message', async () => {
    const file = (id: string) => ({ id, filename: `${id}.pdf`, sizeBytes: 9 });
    await first.rise('x', Promise.resolve(file('a')));
    await second.rise('x', Promise.resolve(file('b')));
    expect(afterF5().files).toEqual([file('a'), file('b')]);
    expect(second.keyOf('x', 'oi')).toBe(first.keyOf('x', 'oi'));
  });

  it('keys of others and of something else are not listened to; a storage that was emptied is', () => {
    first.change('x', { reply: 'oi' });
    const other = tabs.tab('third', 'bruno');
    other.change('x', { reply: 'de Bruno' });
    tabs.hear();
    expect([first.of('x').reply, other.of('x').reply]).toEqual(['oi', 'de Bruno']);
    tabs.storage.clear();
    tabs.cleared();
    expect([first.store.get(), second.store.get()]).toEqual([{}, {}]);
  });

  it('a tab that was left listens no more', () => {
    second.stop();
    expect([...tabs.listeners.keys()]).toEqual(['first']);
  });
});
