import { Alert, Button, Stack } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { faultsOf, type Faults } from '../admin/faults.ts';
import { useServices, useText } from '../app/context.tsx';
import { useDoorTitle } from '../app/title.ts';
import { Brand } from '../ui/Brand.tsx';
import { errorText } from '../ui/errors.ts';
import { PasswordField, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';
import { PASSWORD_LEAST } from '../ui/refusal.ts';
import { useStore } from '../ui/store.ts';

/** The one-time link that the first start prints: makes the first administrator. */
export function FirstAccessPage() {
  const t = useText();
  useDoorTitle(t.firstAccess.title);
  const { session, router } = useServices();
  const { query } = useStore(router.place);
  const token = new URLSearchParams(query).get('token') ?? '';
  const [form, setForm] = useState({ companyName: '', name: '', username: '', password: '', again: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(token === '' ? t.firstAccess.noToken : null);
  const [faults, setFaults] = useState<Faults>(new Map());
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setForm((now) => ({ ...now, [name]: value }));
  };
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    setFaults(new Map());
    try {
      await session.setup({
        token,
        name: form.name.trim(),
        username: form.username.trim(),
        password: form.password,
        companyName: form.companyName.trim(),
      });
      router.replace('/inicio');
    } catch (failure) {
      const found = faultsOf(t, failure);
      setFaults(found);
      if (![...found.keys()].some((name) => name in form)) setError(errorText(t, failure));
      setBusy(false);
    }
  };
  return (
    <main className="center">
      <Form className="door" refusal={faults} send={() => void submit()}>
        <Brand size={30} />
        <h1 style={{ fontSize: 17, margin: '18px 0 2px' }}>{t.firstAccess.title}</h1>
        <p className="dim" style={{ margin: '0 0 16px' }}>
          {t.firstAccess.lead}
        </p>
        <Stack gap="sm">
          {error === null ? null : (
            <Alert color="red" variant="light" icon={<IconAlertCircle size={16} />} p="xs" role="alert">
              {error}
            </Alert>
          )}
          <TextField
            label={t.firstAccess.company}
            description={t.firstAccess.companyWhy}
            error={faults.get('companyName') ?? null}
            value={form.companyName}
            onChange={set('companyName')}
            required
            maxLength={120}
            autoComplete="organization"
          />
          <TextField
            label={t.firstAccess.name}
            error={faults.get('name') ?? null}
            value={form.name}
            onChange={set('name')}
            required
            autoComplete="name"
          />
          <TextField
            label={t.login.username}
            error={faults.get('username') ?? null}
            value={form.username}
            onChange={set('username')}
            required
            autoComplete="username"
            autoCapitalize="none"
          />
          <PasswordField
            label={t.login.password}
            description={t.password.rule}
            error={faults.get('password') ?? null}
            value={form.password}
            onChange={set('password')}
            required
            minLength={PASSWORD_LEAST}
            autoComplete="new-password"
          />
          <PasswordField
            label={t.password.again}
            error={faults.get('again') ?? null}
            value={form.again}
            onChange={set('again')}
            required
            wrong={form.password === form.again ? null : t.password.different}
            autoComplete="new-password"
          />
          <Button type="submit" size="sm" loading={busy} disabled={token === ''} mt={4} fullWidth>
            {t.firstAccess.create}
          </Button>
        </Stack>
      </Form>
    </main>
  );
}
