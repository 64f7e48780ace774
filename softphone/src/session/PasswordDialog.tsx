import { Alert, Button, Modal, Stack } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useServices, useText } from '../app/context.tsx';
import { errorText } from '../ui/errors.ts';
import { PasswordField } from '../ui/PasswordField.tsx';
import { useFirstFault } from '../ui/useFirstFault.ts';
import { ApiError } from './api.ts';

export function PasswordDialog(props: { opened: boolean; onClose: () => void; onChanged: () => void }) {
  const { opened, onClose } = props;
  const t = useText();
  const { session } = useServices();
  const [form, setForm] = useState({ current: '', next: '', again: '' });
  const [error, setError] = useState<{ text: string; at: readonly string[] } | null>(null);
  const place = useFirstFault(error);
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
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (form.next !== form.again) {
      setError({ text: t.password.different, at: ['again'] });
      return;
    }
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
      <form ref={place} onSubmit={(event) => void submit(event)}>
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
            minLength={10}
            autoComplete="new-password"
          />
          <PasswordField
            label={t.password.again}
            error={fault('again')}
            value={form.again}
            onChange={set('again')}
            required
            autoComplete="new-password"
          />
          <Button type="submit" size="sm">
            {t.password.change}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
