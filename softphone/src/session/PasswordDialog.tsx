import { Alert, Button, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useServices, useText } from '../app/context.tsx';
import { errorText } from '../ui/errors.ts';
import { PasswordField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';
import { PASSWORD_LEAST } from '../ui/refusal.ts';
import { ApiError } from './api.ts';

export function PasswordDialog(props: { opened: boolean; onClose: () => void; onChanged: () => void }) {
  const { opened, onClose } = props;
  const t = useText();
  const { session } = useServices();
  const [form, setForm] = useState({ current: '', next: '', again: '' });
  const [error, setError] = useState<{ text: string; at: readonly string[] } | null>(null);
  const fault = (name: string): string | null => (error?.at.includes(name) === true ? error.text : null);
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setForm((now) => ({ ...now, [name]: value }));
  };
  const leave = (): void => {
    setForm({ current: '', next: '', again: '' });
    setError(null);
    onClose();
  };
  const submit = async (): Promise<void> => {
    try {
      await session.changePassword(form.current, form.next);
      props.onChanged();
      leave();
    } catch (failure) {
      setError({ text: errorText(t, failure), at: failure instanceof ApiError ? failure.at : [] });
    }
  };
  return (
    <Modal opened={opened} onClose={leave} title={t.password.title} size="sm">
      <Form refusal={error} send={() => void submit()}>
        <Stack gap="sm">
          {error === null || error.at.length > 0 ? null : (
            <Alert color="red" variant="light" p="xs" role="alert">
              {error.text}
            </Alert>
          )}
          <PasswordField
            label={t.password.current}
            error={fault('current')}
            value={form.current}
            onChange={set('current')}
            required
            autoComplete="current-password"
            data-autofocus
          />
          <PasswordField
            label={t.password.next}
            description={t.password.rule}
            error={fault('next')}
            value={form.next}
            onChange={set('next')}
            required
            minLength={PASSWORD_LEAST}
            autoComplete="new-password"
          />
          <PasswordField
            label={t.password.again}
            error={fault('again')}
            value={form.again}
            onChange={set('again')}
            required
            wrong={form.next === form.again ? null : t.password.different}
            autoComplete="new-password"
          />
          <Button type="submit" size="sm">
            {t.password.change}
          </Button>
        </Stack>
      </Form>
    </Modal>
  );
}
