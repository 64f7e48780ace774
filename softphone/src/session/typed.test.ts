import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { companyTyped, newCompanyTyped, type Company } from '../admin/company.ts';
import { createKept, createTyped } from './typed.ts';

const storage = memoryStorage();
beforeEach(() => storage.clear());

const stored: Company = { name: 'Exemplo', timeZone: 'America/Sao_Paulo', regime: 'ppp', state: 'SP' };
/** Opened, by Esc or F5, once more. */
const open = (original = stored, userId = 'ana') =>
  createTyped<Company>(createKept(storage, userId, 'empresa', companyTyped), original);

describe('a form that was closed unsaved', () => {
  it('comes back as it was typed, to this person only, and says so', () => {
    const dialing = { countries: ['+55', 'abc'], premium: false, callsPerMinute: '' };
    const form = open();
    expect(form.store.get()).toEqual({ values: stored, restored: false });
    form.set({ name: 'Exemplo Telecom' });
    form.set({ state: null, dialing });
    const typed = { ...stored, name: 'Exemplo Telecom', state: null, dialing };
    expect(form.store.get()).toEqual({ values: typed, restored: false });
    expect(open().store.get()).toEqual({ values: typed, restored: true });
    expect(open(stored, 'outra').store.get()).toEqual({ values: stored, restored: false });
  });

  it('leaves what nobody touched to what is stored by then; typed back, nothing is left', () => {
    const form = open();
    form.set({ name: 'Exemplo Telecom' });
    expect(open({ ...stored, state: 'RJ' }).store.get().values).toMatchObject({
      name: 'Exemplo Telecom',
      state: 'RJ',
    });
    form.set({ name: 'Exemplo' });
    expect(open().store.get().restored).toBe(false);
    expect(storage.length).toBe(0);
  });

  it('is over when it is saved; what is typed after that is measured by what was saved', () => {
    const form = open();
    form.set({ name: 'Exemplo Telecom' });
    const sent = form.store.get().values;
    form.set({ state: 'RJ' });
    form.saved(sent);
    expect(form.store.get()).toEqual({ values: { ...sent, state: 'RJ' }, restored: false });
    expect(open(sent).store.get()).toEqual({ values: { ...sent, state: 'RJ' }, restored: true });
    form.set({ state: 'SP' });
    expect(storage.length).toBe(0);
    form.set({ state: 'MG' });
    form.discard();
    expect(form.store.get().values).toEqual(sent);
  });

  it('goes when somebody drops it', () => {
    open().set({ name: 'Exemplo Telecom' });
    const form = open();
    form.discard();
    expect(form.store.get()).toEqual({ values: stored, restored: false });
    expect(storage.length).toBe(0);
  });
});

it('a password stands in no key, whoever hands it in', () => {
  const kept = createKept(storage, 'ana', 'empresas.new', newCompanyTyped);
  const typed = { name: 'Outra', username: 'admin', password: 'um segredo longo' };
  kept.keep(typed);
  expect(kept.read()).toEqual({ name: 'Outra', username: 'admin' });
  expect(storage.getItem(storage.key(0) ?? '')).not.toContain('segredo');
});

it('what cannot be read is nothing', () => {
  const kept = createKept(storage, 'ana', 'x', z.object({ a: z.string() }));
  for (const broken of ['no json', '{"a":1}', 'null']) {
    storage.setItem('ramal.forms.ana.x', broken);
    expect(kept.read()).toBeNull();
  }
});
