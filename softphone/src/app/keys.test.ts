import { describe, expect, it } from 'vitest';
import { actionOf, bindings, isInWord, lastLetter, type KeyAction, type KeyPress } from './keys.ts';
import { emptyWork } from '../desk/work.ts';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';
import { pageOf } from './router.ts';
import { titleOf } from './title.ts';

const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  typing: false,
  composing: false,
  onControl: false,
  inWord: false,
  ...part,
});
const can = (...actions: KeyAction[]) => ({
  letters: true,
  possible: (one: KeyAction) => actions.includes(one),
});

describe('keys', () => {
  it('Enter accepts an offer, but not while typing or inside a dialog', () => {
    expect(actionOf(press('Enter'), can('accept'))).toBe('accept');
    expect(actionOf(press('Enter', { typing: true }), can('accept'))).toBeNull();
    expect(actionOf(press('Enter', { onControl: true }), can('accept'))).toBeNull();
    expect(actionOf(press('Enter', { typing: true, ctrlKey: true }), can('accept'))).toBe('accept');
  });

  it('Ctrl+Enter over unsent text sends it, offer or no offer; with Shift it accepts', () => {
    const writing = { typing: true, composing: true, ctrlKey: true };
    expect(actionOf(press('Enter', writing), can('send'))).toBe('send');
    expect(actionOf(press('Enter', writing), can('accept', 'send'))).toBe('send');
    // While the text is on its way nothing can be sent, and nothing else may happen instead.
    expect(actionOf(press('Enter', writing), can('accept'))).toBeNull();
    expect(actionOf(press('Enter', { ...writing, shiftKey: true }), can('accept', 'send'))).toBe('accept');
    expect(actionOf(press('Enter', { ...writing, shiftKey: true }), can('send'))).toBeNull();
  });

  it('Ctrl+Enter accepts from any other field, and from an empty composer', () => {
    expect(actionOf(press('Enter', { typing: true, ctrlKey: true }), can('accept', 'send'))).toBe('accept');
    expect(
      actionOf(press('Enter', { typing: true, ctrlKey: true, shiftKey: true }), can('accept', 'send')),
    ).toBe('accept');
  });

  it('letters are for nobody who types, and can be turned off (WCAG 2.1.4)', () => {
    expect(actionOf(press('m'), can('mute'))).toBe('mute');
    expect(actionOf(press('m', { typing: true }), can('mute'))).toBeNull();
    expect(actionOf(press('m'), { ...can('mute'), letters: false })).toBeNull();
    expect(actionOf(press('m', { altKey: true, typing: true }), { ...can('mute'), letters: false })).toBe(
      'mute',
    );
  });

  it('no single key ends, rejects or overwrites: those want a modifier', () => {
    const costly: KeyAction[] = ['hangUp', 'reject', 'copyProtocol', 'send'];
    const bare = bindings.filter((one) => costly.includes(one.action) && !(one.alt ?? one.ctrl ?? false));
    expect(bare).toEqual([]);
    for (const key of 'abcdefghijklmnopqrstuvwxyz0123456789?')
      for (const shiftKey of [false, true])
        expect(costly).not.toContain(
          actionOf(press(key, { shiftKey }), { letters: true, possible: () => true }),
        );
    expect(actionOf(press('q', { altKey: true }), can('hangUp'))).toBe('hangUp');
    expect(actionOf(press('x', { altKey: true, typing: true }), can('reject'))).toBe('reject');
  });

  it('the letters of a word typed beside a field are not shortcuts; only its first could be one', () => {
    const typed = (text: string, everyMs: number): string[] => {
      let last: ReturnType<typeof lastLetter> = null;
      return Array.from(text).flatMap((key, index) => {
        const at = index * everyMs;
        const inWord = isInWord(last, key.toLowerCase(), at);
        last = lastLetter({ key, ctrlKey: false, altKey: false }, at);
        const action = actionOf(press(key, { inWord }), { letters: true, possible: () => true });
        return action === null ? [] : [action];
      });
    };
    expect(typed('Deu certo, muito obrigado', 120)).toEqual([]);
    expect(typed('Muito bem', 120)).toEqual(['mute']);
    expect(typed('jjj', 120)).toEqual(['nextWork', 'nextWork', 'nextWork']);
    expect(typed('mh', 900)).toEqual(['mute', 'hold']);
    expect(lastLetter({ key: 'Escape', ctrlKey: false, altKey: false }, 0)).toBeNull();
  });

  it('does nothing for what is impossible now, held down, or bent by Ctrl', () => {
    expect(actionOf(press('h'), can())).toBeNull();
    expect(actionOf(press('q', { altKey: true, repeat: true }), can('hangUp'))).toBeNull();
    expect(actionOf(press('f', { ctrlKey: true }), can('finish'))).toBeNull();
  });
});

describe('addresses', () => {
  it('name pages', () => {
    expect(pageOf('/')).toEqual({ name: 'desk' });
    expect(pageOf('/painel/tv')).toEqual({ name: 'board', wall: true });
    expect(pageOf('/clientes/c%2F1')).toEqual({ name: 'customer', id: 'c/1' });
    expect(pageOf('/primeiro-acesso')).toEqual({ name: 'firstAccess' });
    expect(pageOf('/x')).toEqual({ name: 'notFound' });
    expect(pageOf('/%')).toEqual({ name: 'notFound' });
    expect(pageOf('/contatos/50%')).toEqual({ name: 'contact', id: '50%' });
  });

  it('that lead nowhere are titled so', () => {
    const work = emptyWork({ id: 'u1', queues: [] });
    for (const t of [pt, en])
      expect(titleOf(t, { name: 'notFound' }, work, null)).toBe(`${t.common.notFoundTitle} · Ramal`);
  });
});
