import { describe, expect, it } from 'vitest';
import { actionOf, type KeyAction, type KeyPress } from './keys.ts';
import { pageOf } from './router.ts';

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

  it('does nothing for what is impossible now, held down, or bent by Ctrl', () => {
    expect(actionOf(press('d'), can())).toBeNull();
    expect(actionOf(press('d', { repeat: true }), can('hangUp'))).toBeNull();
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
  });
});
