import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import { useServices, useText } from '../app/context.tsx';
import { Brand } from '../ui/Brand.tsx';
import { errorText } from '../ui/errors.ts';
import { useStore } from '../ui/store.ts';

/** The one-time link that the first start prints: makes the first administrator. */
export function FirstAccessPage() {
  const t = useText();
  const { session, router } = useServices();
  const { query } = useStore(router.place);
  const token = new URLSearchParams(query).get('token') ?? '';
  const [form, setForm] = useState({ companyName: '', name: '', username: '', password: '', again: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(token === '' ? t.firstAccess.noToken : null);
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setForm((now) => ({ ...now, [name]: value }));
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (form.password !== form.again) {
      setError(t.password.different);
      return;
    }
    setBusy(true);
    setError(null);
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
      setError(errorText(t, failure));
      setBusy(false);
    }
  };
  return (
    <main className="center">
      <form className="door" onSubmit={(event) => void submit(event)}>
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
          <TextInput
            label={t.firstAccess.company}
            description={t.firstAccess.companyWhy}
            value={form.companyName}
            onChange={set('companyName')}
            required
            maxLength={120}
            autoComplete="organization"
          />
          <TextInput
            label={t.firstAccess.name}
            value={form.name}
            onChange={set('name')}
            required
            autoComplete="name"
          />
          <TextInput
            label={t.login.username}
            value={form.username}
            onChange={set('username')}
            required
            autoComplete="username"
            autoCapitalize="none"
          />
          <PasswordInput
            label={t.login.password}
            description={t.password.rule}
            value={form.password}
            onChange={set('password')}
            required
            minLength={10}
            autoComplete="new-password"
          />
          <PasswordInput
            label={t.password.again}
            value={form.again}
            onChange={set('again')}
            required
            autoComplete="new-password"
          />
          <Button type="submit" size="sm" loading={busy} disabled={token === ''} mt={4} fullWidth>
            {t.firstAccess.create}
          </Button>
        </Stack>
      </form>
    </main>
  );
}
