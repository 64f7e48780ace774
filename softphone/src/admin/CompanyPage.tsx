import { Alert, Button, Select, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { z } from 'zod';
import { useServices, useText } from '../app/context.tsx';
import { ApiError } from '../session/api.ts';
import { errorText } from '../ui/errors.ts';
import { Failed, Waiting } from '../ui/states.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { companyView, states, timeZones, type Company } from './company.ts';

/** The company itself: what callers hear, by whose clock it works, whose holidays it keeps. */
export function CompanyPage() {
  const t = useText();
  const { api } = useServices();
  const { state, reload } = useLoad('company', () => api.get('/api/v1/admin/company', companyView));
  return (
    <div className="page" data-testid="admin-empresa">
      <h1 style={{ fontSize: 20, margin: '0 0 12px' }}>{t.company.title}</h1>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.data === null ? null : <CompanyForm company={state.data} />}
    </div>
  );
}

function CompanyForm({ company }: { company: Company }) {
  const t = useText();
  const { api } = useServices();
  const [form, setForm] = useState(company);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Company>): void => setForm((now) => ({ ...now, ...change }));
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const { name, timeZone, regime } = form;
    const body = { name: name.trim(), timeZone, regime, state: form.state ?? null };
    try {
      await api.send('PATCH', '/api/v1/admin/company', body, z.unknown());
      notifications.show({ color: 'teal', message: t.admin.saved });
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : new ApiError(0, 'unexpected', ''));
    }
    setBusy(false);
  };
  return (
    <form
      className="panel"
      style={{ maxWidth: 560, padding: 16 }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        {error === null ? null : (
          <Alert color="red" variant="light" p="xs" role="alert">
            {errorText(t, error)}
          </Alert>
        )}
        <TextInput
          label={t.company.name}
          description={t.company.nameWhy}
          required
          maxLength={120}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t.company.timeZone}
          description={t.company.timeZoneWhy}
          searchable
          allowDeselect={false}
          data={timeZones(form.timeZone)}
          value={form.timeZone}
          onChange={(value) => set({ timeZone: value ?? form.timeZone })}
        />
        <Select
          label={t.company.state}
          description={t.company.stateWhy}
          searchable
          clearable
          data={states}
          value={form.state ?? null}
          onChange={(value) => set({ state: value })}
        />
        <Select
          label={t.company.regime}
          description={t.company.regimeWhy}
          allowDeselect={false}
          data={companyView.shape.regime.options.map((value) => ({
            value,
            label: t.company.regimes[value],
          }))}
          value={form.regime}
          onChange={(value) => set({ regime: companyView.shape.regime.parse(value) })}
        />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button type="submit" size="sm" loading={busy}>
            {t.common.save}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
