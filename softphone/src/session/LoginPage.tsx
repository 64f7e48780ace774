import { Alert, Button, Stack } from '@mantine/core';
import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useServices, useText } from '../app/context.tsx';
import { useDoorTitle } from '../app/title.ts';
import { Brand } from '../ui/Brand.tsx';
import { errorText } from '../ui/errors.ts';
import { PasswordField, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';
import { LanguageAndScheme } from './LanguageAndScheme.tsx';

export function LoginPage({ notice }: { notice: 'none' | 'expired' | 'loggedOut' }) {
  const t = useText();
  useDoorTitle(t.login.title);
  const { session } = useServices();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await session.login(username.trim(), password);
    } catch (failure) {
      setError(failure);
      setPassword('');
      setBusy(false);
    }
  };
  return (
    <main className="center">
      <Form className="door" send={() => void submit()} aria-labelledby="login-title">
        <Brand size={30} />
        <h1 id="login-title" style={{ fontSize: 17, margin: '18px 0 2px' }}>
          {t.login.title}
        </h1>
        <p className="dim" style={{ margin: '0 0 16px' }}>
          {t.login.lead}
        </p>
        <Stack gap="sm">
          {notice !== 'none' && error === null ? (
            <Alert color="slate" variant="light" icon={<IconInfoCircle size={16} />} p="xs">
              {notice === 'expired' ? t.login.expired : t.login.loggedOut}
            </Alert>
          ) : null}
          {error === null ? null : (
            <Alert color="red" variant="light" icon={<IconAlertCircle size={16} />} p="xs" role="alert">
              {errorText(t, error)}
            </Alert>
          )}
          <TextField
            label={t.login.username}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            data-autofocus
            autoFocus
          />
          <PasswordField
            label={t.login.password}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" size="sm" loading={busy} mt={4} fullWidth>
            {t.login.enter}
          </Button>
        </Stack>
        <LanguageAndScheme />
      </Form>
    </main>
  );
}
