import { Alert, Button, Modal, Select, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useFormat, useServices, useText } from '../app/context.tsx';
import type { Dictionary } from '../i18n/index.ts';
import { listOf } from '../session/api.ts';
import { useTyped } from '../session/useTyped.ts';
import { useArmed } from '../ui/Armed.tsx';
import { Copy } from '../ui/Copy.tsx';
import { errorText } from '../ui/errors.ts';
import { DraftBack } from '../ui/DraftBack.tsx';
import { useDone } from '../ui/Done.tsx';
import { ChoicesField, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { Table } from '../ui/Table.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { faultOf, faultsOf } from './faults.ts';

const PATH = '/api/v1/admin/api-keys';
const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  scopes: z.array(z.string()),
  active: z.boolean(),
  createdAt: z.string(),
});
type Key = z.infer<typeof keySchema>;

/** The scope's own name stands behind its words: that is what the documentation of the API says. */
const wordsOf = (t: Dictionary, scope: string): string =>
  t.apiKeys.words[scope] === undefined ? scope : `${t.apiKeys.words[scope]} (${scope})`;
/** Keys of other programs: what each may do, and the end of it. */
export function ApiKeysPage() {
  const t = useText();
  const { api } = useServices();
  const [adding, setAdding] = useState(false);
  const { state, reload } = useLoad('api-keys', () => api.get(`${PATH}?limit=200`, listOf(keySchema)));
  const keys = state.data?.items ?? [];
  return (
    <div className="page" data-testid="admin-chaves">
      <div className="row" style={{ marginBottom: 8 }}>
        <h1 style={{ fontSize: 20, margin: 0 }}>{t.apiKeys.title}</h1>
        <span className="grow" />
        <Button leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          {t.apiKeys.add}
        </Button>
      </div>
      <p className="dim2" style={{ margin: '0 0 12px', maxWidth: '75ch' }}>
        {t.apiKeys.lead}
      </p>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.kind === 'ready' && keys.length === 0 ? <Empty title={t.apiKeys.empty} /> : null}
      {keys.length === 0 ? null : <Keys keys={keys} onChanged={reload} />}
      {adding ? (
        <NewKey
          onClose={() => {
            setAdding(false);
            reload();
          }}
        />
      ) : null}
    </div>
  );
}

function Keys({ keys, onChanged }: { keys: readonly Key[]; onChanged: () => void }) {
  const t = useText();
  return (
    <Table
      label={t.apiKeys.title}
      heads={[
        t.admin.fields['name'] ?? '',
        t.admin.fields['role'] ?? '',
        t.apiKeys.scopes,
        t.apiKeys.since,
        { acts: t.admin.actions },
      ]}
    >
      {keys.map((key) => (
        <KeyRow key={key.id} value={key} onChanged={onChanged} />
      ))}
    </Table>
  );
}

function KeyRow({ value, onChanged }: { value: Key; onChanged: () => void }) {
  const t = useText();
  const format = useFormat();
  const { api } = useServices();
  const done = useDone();
  const close = async (): Promise<void> => {
    const sent = api.send('PATCH', `${PATH}/${encodeURIComponent(value.id)}`, { active: false }, z.unknown());
    if (await done.run(t, sent, t.apiKeys.closed)) onChanged();
  };
  const closing = useArmed(() => void close());
  return (
    <tr style={value.active ? {} : { opacity: 0.65 }}>
      <td>
        <strong>{value.name}</strong>
        {value.active ? null : (
          <span className="tag" style={{ marginLeft: 6 }}>
            {t.admin.inactive}
          </span>
        )}
      </td>
      <td>{t.admin.values[value.role] ?? value.role}</td>
      <td>
        {value.scopes.map((scope) => (
          <div key={scope}>{wordsOf(t, scope)}</div>
        ))}
      </td>
      <td className="num">{format.dateTime(value.createdAt)}</td>
      <td className="acts">
        <div>
          {done.note}
          {value.active ? (
            <Button
              size="compact-xs"
              variant={closing.armed ? 'filled' : 'subtle'}
              color={closing.armed ? 'red' : 'slate'}
              onClick={closing.press}
              onKeyDown={closing.onKeyDown}
              aria-label={`${closing.armed ? t.apiKeys.closeSure : t.apiKeys.close}: ${value.name}`}
            >
              {closing.armed ? t.apiKeys.closeSure : t.apiKeys.close}
            </Button>
          ) : null}
        </div>
      </td>
    </tr>
  );
}

interface NewKeyValues {
  name: string;
  role: string;
  scopes: string[];
}
const EMPTY: NewKeyValues = { name: '', role: 'supervisor', scopes: [] };
const keyTyped = keySchema.pick({ name: true, role: true, scopes: true }).partial();
const roles = ['operator', 'supervisor', 'admin'] as const;

function NewKey({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { api } = useServices();
  const [made, setMade] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  // The key itself is none of it.
  const form = useTyped<NewKeyValues>('chaves.new', keyTyped, EMPTY);
  const { name, role, scopes } = form.values;
  // The routes are the list of what a key can be good for.
  const known = useLoad('scopes', () => api.get(`${PATH}/scopes`, listOf(z.string())));
  const faults = faultsOf(t, error);
  const save = async (): Promise<void> => {
    try {
      const answer = await api.send('POST', PATH, { name, role, scopes }, z.object({ key: z.string() }));
      form.discard();
      setMade(answer.key);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t.apiKeys.add} closeOnClickOutside={made === null}>
      {made === null ? (
        <Form className="tall-form" refusal={error} send={() => void save()}>
          <Stack gap="sm">
            <DraftBack form={form} />
            <TextField
              data-autofocus
              required
              label={t.admin.fields['name']}
              description={t.apiKeys.nameHelp}
              value={name}
              error={faultOf(faults, 'name')}
              onChange={(event) => form.set({ name: event.currentTarget.value })}
            />
            <Select
              size="sm"
              label={t.admin.fields['role']}
              description={t.apiKeys.roleHelp}
              allowDeselect={false}
              data={roles.map((value) => ({ value, label: t.admin.values[value] ?? value }))}
              error={faultOf(faults, 'role')}
              value={role}
              onChange={(next) => form.set({ role: next ?? role })}
            />
            <ChoicesField
              size="sm"
              searchable
              required
              label={t.apiKeys.scopes}
              description={t.apiKeys.scopesHelp}
              data={(known.state.data?.items ?? []).map((value) => ({
                value,
                label: wordsOf(t, value),
              }))}
              value={scopes}
              error={faultOf(faults, 'scopes')}
              onChange={(next) => form.set({ scopes: next })}
            />
          </Stack>
          <footer>
            {error === null ? null : (
              <Alert color="red" variant="light" p="xs" role="alert">
                {faults.size > 0 ? t.admin.seeFields : errorText(t, error)}
              </Alert>
            )}
            <div className="row" style={{ justifyContent: 'flex-end' }}>
              <Button
                variant="default"
                size="sm"
                onClick={() => {
                  form.discard();
                  onClose();
                }}
              >
                {t.common.cancel}
              </Button>
              <Button type="submit" size="sm">
                {t.apiKeys.make}
              </Button>
            </div>
          </footer>
        </Form>
      ) : (
        <Stack gap="sm">
          <p style={{ margin: 0 }}>{t.apiKeys.once}</p>
          <div className="row">
            <code style={{ overflowWrap: 'anywhere' }} data-testid="api-key">
              {made}
            </code>
            <Copy value={made} label={t.apiKeys.title} />
          </div>
          <Button onClick={onClose}>{t.apiKeys.kept}</Button>
        </Stack>
      )}
    </Modal>
  );
}
