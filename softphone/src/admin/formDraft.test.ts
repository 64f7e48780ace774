import { expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { createFormDraft } from './formDraft.ts';
import { resources, sections } from './resources.ts';

const { fields } = resources.troncos;

it('a form that was closed unsaved comes back to who typed it, not to the next one, of another company maybe', () => {
  const storage = memoryStorage();
  const of = (userId: string) => createFormDraft(storage, userId, 'troncos.new', fields);
  of('carla').keep({ name: 'Operadora X', proxy: 'sip:10.0.0.9' });
  expect(of('outra').read()).toBeNull();
  of('outra').forget();
  expect(of('carla').read()).toEqual({ name: 'Operadora X', proxy: 'sip:10.0.0.9' });
});

it('what a former version kept of nobody in particular goes', () => {
  const storage = memoryStorage();
  storage.setItem('ramal.form.troncos.new', JSON.stringify({ name: 'Operadora X' }));
  expect(createFormDraft(storage, 'outra', 'troncos.new', fields).read()).toBeNull();
  expect(storage.length).toBe(0);
});

it('a password is kept of no field, alone or among others', () => {
  for (const section of sections) {
    const storage = memoryStorage();
    const { fields } = resources[section];
    const draft = createFormDraft(storage, 'carla', `${section}.new`, fields);
    draft.keep(
      Object.fromEntries(
        fields.map(({ kind, name }) => [
          name,
          kind === 'secret' ? 'um segredo' : { username: 'ramal', password: 'um segredo' },
        ]),
      ),
    );
    expect(storage.getItem(storage.key(0) ?? '')).not.toContain('segredo');
    expect(draft.read()).not.toBeNull();
  }
});
