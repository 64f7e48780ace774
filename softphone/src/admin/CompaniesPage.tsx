import { Button, Fieldset, Modal, SimpleGrid, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useFormat, useServices, useText } from '../app/context.tsx';
import { listOf } from '../session/api.ts';
import { useTyped } from '../session/useTyped.ts';
import { useDone } from '../ui/Done.tsx';
import { PasswordField, TextField } from '../ui/fields.tsx';
import { KEY, PASSWORD_LEAST } from '../ui/refusal.ts';
import { Failed, Waiting } from '../ui/states.tsx';
import { Table } from '../ui/Table.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { companyView, newCompanyTyped, type Company } from './company.ts';
import { CompanyForm } from './CompanyForm.tsx';
import { faultOf } from './faults.ts';

const PATH = '/api/v1/admin/companies';
const lineSchema = companyView.extend({ id: z.string(), key: z.string(), createdAt: z.string() });

/** The companies of the server; only those who installed it get here (`installer` of GET /me). */
export function CompaniesPage() {
  const t = useText();
  const { api } = useServices();
  const [adding, setAdding] = useState(false);
  const done = useDone();
  const { state, reload } = useLoad('companies', () => api.get(PATH, listOf(lineSchema)));
  return (
    <div className="page" data-testid="admin-empresas">
      <div className="row" style={{ marginBottom: 8 }}>
        <h1 style={{ fontSize: 20, margin: 0 }}>{t.companies.title}</h1>
        <span className="grow" />
        {done.note}
        <Button leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          {t.companies.add}
        </Button>
      </div>
      <p className="dim2" style={{ margin: '0 0 12px', maxWidth: '75ch' }}>
        {t.companies.lead}
      </p>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.data === null ? null : <CompanyLines lines={state.data.items} />}
      {adding ? (
        <Modal
          opened
          size="lg"
          title={t.companies.add}
          onClose={() => setAdding(false)}
          closeButtonProps={{ 'aria-label': t.common.cancel }}
        >
          <NewCompany
            onCancel={() => setAdding(false)}
            onMade={(name) => {
              done.tell(t.companies.created(name));
              setAdding(false);
              reload();
            }}
          />
        </Modal>
      ) : null}
    </div>
  );
}

function CompanyLines({ lines }: { lines: readonly z.infer<typeof lineSchema>[] }) {
  const t = useText();
  const format = useFormat();
  return (
    <Table
      label={t.companies.title}
      heads={[t.company.name, t.companies.key, t.company.timeZone, t.company.regime, t.companies.since]}
    >
      {lines.map((line) => (
        <tr key={line.id}>
          <td>
            <strong>{line.name}</strong>
          </td>
          <td>{line.key}</td>
          <td>{line.timeZone}</td>
          <td>{t.company.regimes[line.regime]}</td>
          <td className="num">{format.date(line.createdAt)}</td>
        </tr>
      ))}
    </Table>
  );
}

const NEW: Company = { name: '', timeZone: 'America/Sao_Paulo', regime: 'ppp' };
const NOBODY = { key: '', adminName: '', username: '' };
type New = Company & typeof NOBODY;

function NewCompany({ onMade, onCancel }: { onMade: (name: string) => void; onCancel: () => void }) {
  const t = useText();
  const { api } = useServices();
  const form = useTyped<New>('empresas.new', newCompanyTyped, { ...NEW, ...NOBODY });
  const [password, setPassword] = useState('');
  const save = async ({ name, timeZone, regime, state }: Company): Promise<void> => {
    const { key, adminName, username } = form.values;
    const admin = { name: adminName, username, password };
    const body = { key, name, timeZone, regime, ...(state == null ? {} : { state }), admin };
    await api.send('POST', PATH, body, z.unknown());
  };
  const text = (field: keyof typeof NOBODY) => ({
    required: true,
    value: form.values[field],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      form.set({ [field]: value }),
  });
  return (
    <CompanyForm
      form={form}
      submit={t.companies.create}
      onCancel={() => {
        form.discard();
        onCancel();
      }}
      save={save}
      onSaved={({ name }) => {
        form.discard();
        onMade(name.trim());
      }}
      naming={(faults) => (
        <TextField
          label={t.companies.key}
          description={t.companies.keyWhy}
          shape={{ pattern: KEY, words: t.admin.keyHint }}
          maxLength={40}
          error={faultOf(faults, 'key')}
          {...text('key')}
        />
      )}
    >
      {(_company, _set, faults) => (
        <Fieldset legend={t.companies.admin}>
          <Stack gap="sm">
            <SimpleGrid cols={2} spacing="sm" style={{ alignItems: 'end' }}>
              <TextField
                label={t.companies.adminName}
                maxLength={120}
                autoComplete="off"
                error={faultOf(faults, 'admin.name')}
                {...text('adminName')}
              />
              <TextField
                label={t.companies.username}
                description={t.companies.usernameWhy}
                maxLength={40}
                autoComplete="off"
                error={faultOf(faults, 'admin.username')}
                {...text('username')}
              />
            </SimpleGrid>
            <PasswordField
              label={t.companies.password}
              description={t.companies.passwordWhy}
              autoComplete="new-password"
              minLength={PASSWORD_LEAST}
              error={faultOf(faults, 'admin.password')}
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </Stack>
        </Fieldset>
      )}
    </CompanyForm>
  );
}
