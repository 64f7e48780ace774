import { Alert, Button, Modal, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { z } from 'zod';
import { useServices, useText } from '../app/context.tsx';
import type { Dictionary } from '../i18n/index.ts';
import { ApiError, listOf } from '../session/api.ts';
import { errorText } from '../ui/errors.ts';
import { useLoad } from '../ui/useLoad.ts';
import { queueName } from '../desk/TransferForm.tsx';
import { AdminField } from './AdminField.tsx';
import { toBody, toForm, weekdays, type FormValue, type Row } from './form.ts';
import { resources, type Section } from './resources.ts';

/** "body.weekly.monday.0.from" is the field "weekly" of the form. */
function fieldName(t: Dictionary, path: string): string {
  const [name = path] = path.replace(/^body\./, '').split('.');
  return t.admin.fields[name] ?? name;
}

const calendarName = queueName.extend({ active: z.boolean().default(true) });

export function AdminForm(props: {
  section: Section;
  row: Row | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const t = useText();
  const { api } = useServices();
  const resource = resources[props.section];
  const creating = props.row === null;
  const [values, setValues] = useState(() => toForm(resource.fields, props.row, weekdays));
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const queues = useLoad('queues', () => api.get('/api/v1/queues', listOf(queueName)));
  const calendars = useLoad('calendars', () =>
    api.get('/api/v1/admin/calendars?limit=200', listOf(calendarName)),
  );
  const set = (name: string, value: FormValue): void => setValues((now) => ({ ...now, [name]: value }));
  const save = async (): Promise<void> => {
    setBusy(true);
    const body = toBody(resource.fields, values, creating);
    const path = `/api/v1/admin/${resource.path}`;
    try {
      if (creating) await api.send('POST', path, body, z.unknown());
      else
        await api.send(
          'PATCH',
          `${path}/${encodeURIComponent(String(props.row?.[resource.id]))}`,
          body,
          z.unknown(),
        );
      notifications.show({ color: 'teal', message: t.admin.saved });
      props.onSaved();
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : new ApiError(0, 'unexpected', ''));
      setBusy(false);
    }
  };
  const what = t.admin.sections[props.section];
  return (
    <Modal opened onClose={props.onClose} title={creating ? t.admin.newTitle(what) : t.admin.editTitle(what)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="sm">
          {error ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {errorText(t, error)}
              {error.fields.map((field) => (
                <div key={field.path}>{t.admin.fault(fieldName(t, field.path), field.message)}</div>
              ))}
            </Alert>
          ) : null}
          {resource.fields
            .filter((field) => creating || !('createOnly' in field && field.createOnly))
            .map((field) => (
              <AdminField
                key={field.name}
                field={field}
                creating={creating}
                value={values[field.name] ?? ''}
                queues={queues.state.data?.items ?? []}
                calendars={(calendars.state.data?.items ?? []).filter(
                  (one) => one.active || one.key === values[field.name],
                )}
                onChange={(value) => set(field.name, value)}
              />
            ))}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button variant="default" size="sm" onClick={props.onClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" size="sm" loading={busy}>
              {t.common.save}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}
