import { Alert, Button, Modal, Stack } from '@mantine/core';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { queueSchema } from '../session/queues.ts';
import { ApiError, listOf } from '../session/api.ts';
import { DraftBack } from '../ui/DraftBack.tsx';
import { errorText } from '../ui/errors.ts';
import { Form } from '../ui/Form.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { AdminField } from './AdminField.tsx';
import { nameOfRow } from './cells.ts';
import { faultAt, faultsOf, fieldAt, type Faults } from './faults.ts';
import { FieldGroup } from './FieldGroup.tsx';
import { createFormDraft } from './formDraft.ts';
import { changedOf, toBody, toForm, weekdays, type FormValue, type FormValues, type Row } from './form.ts';
import { resources, type Field, type Section } from './resources.ts';

const calendarName = queueSchema.extend({ active: z.boolean().default(true) });
const flowFile = z.object({ file: z.string() });

interface Props {
  section: Section;
  row: Row | null;
  onClose: () => void;
  onSaved: () => void;
}

export function AdminForm(props: Props) {
  const t = useText();
  const form = useForm(props);
  const resource = resources[props.section];
  const { error } = form;
  const faults = faultsOf(t, error);
  const atFields = form.fields.some((field) =>
    [...faults.keys()].some((path) => fieldAt(path) === field.name),
  );
  const what = t.admin.one[props.section];
  return (
    <Modal
      opened
      onClose={form.close}
      size={resource.parts === undefined ? 'md' : 860}
      title={props.row === null ? t.admin.newTitle(what) : t.admin.editTitle(what, nameOfRow(props.row))}
    >
      <Form className="tall-form" refusal={error} send={() => void form.save()}>
        <Stack gap="sm">
          <DraftBack form={form} />
          <Parts {...props} form={form} faults={faults} />
        </Stack>
        <footer>
          {error ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {atFields ? t.admin.seeFields : ([...faults.values()][0] ?? errorText(t, error))}
            </Alert>
          ) : null}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button variant="default" size="sm" onClick={form.discardAndClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" size="sm" loading={form.busy}>
              {t.common.save}
            </Button>
          </div>
        </footer>
      </Form>
    </Modal>
  );
}

/** The fields, in named parts where the form is a long one. */
function Parts({ section, form, faults }: Props & { form: ReturnType<typeof useForm>; faults: Faults }) {
  const t = useText();
  const choices = useChoices(section);
  const { parts = [] } = resources[section];
  const calendars = choices.calendars.filter((one) => one.active || one.key === form.values['calendar']);
  const input = (field: Field) => (
    <AdminField
      key={field.name}
      field={field}
      first={field === form.fields[0]}
      creating={form.creating}
      error={faultAt(field, faults, form.values)}
      faults={faults}
      value={form.values[field.name] ?? ''}
      queues={choices.queues}
      flows={choices.flows}
      calendars={calendars}
      onChange={(value) => form.set(field.name, value)}
    />
  );
  if (parts.length === 0) return form.fields.map(input);
  const within = new Set(parts.flatMap(({ fields }) => fields));
  return (
    <>
      <div className="fields">{form.fields.filter(({ name }) => !within.has(name)).map(input)}</div>
      {parts.map((part) => (
        <FieldGroup key={part.name} label={t.trunks.parts[part.name] ?? part.name} error={null}>
          <div className="fields">
            {form.fields
              .filter(({ name }) => part.fields.includes(name))
              .map((field) =>
                'wide' in field ? (
                  <div key={field.name} className="wide">
                    {input(field)}
                  </div>
                ) : (
                  input(field)
                ),
              )}
          </div>
        </FieldGroup>
      ))}
    </>
  );
}

/** What the pickers of a form offer. */
function useChoices(section: Section) {
  const { api } = useServices();
  const queues = useLoad('queues', () => api.get('/api/v1/queues', listOf(queueSchema)));
  const calendars = useLoad('calendars', () =>
    api.get('/api/v1/admin/calendars?limit=200', listOf(calendarName)),
  );
  const flows = useLoad(`flows ${section}`, async () =>
    section === 'numeros' ? (await api.get('/api/v1/admin/flows', listOf(flowFile))).items : [],
  );
  return {
    queues: queues.state.data?.items ?? [],
    calendars: calendars.state.data?.items ?? [],
    flows: (flows.state.data ?? []).map(({ file }) => file),
  };
}

function useForm({ section, row, onClose, onSaved }: Props) {
  const { api } = useServices();
  const { user } = useSignedIn();
  const resource = resources[section];
  const creating = row === null;
  const id = creating ? 'new' : String(row[resource.id]);
  const fields = resource.fields.filter(
    (field: Field) => creating || !('createOnly' in field && field.createOnly),
  );
  const original = useMemo<FormValues>(() => toForm(resource.fields, row, weekdays), [resource, row]);
  const draft = useMemo(
    () => createFormDraft(window.sessionStorage, user.id, `${section}.${id}`, resource.fields),
    [user.id, section, id, resource],
  );
  const [kept] = useState(() => draft.read());
  const [restored, setRestored] = useState(kept !== null);
  const [values, setValues] = useState<FormValues>(() => ({ ...original, ...kept }));
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const path = `/api/v1/admin/${resource.path}`;

  return {
    creating,
    fields,
    values,
    restored,
    error,
    busy,
    set: (name: string, value: FormValue): void => {
      const next = { ...values, [name]: value };
      setValues(next);
      // From the first key on: Esc, a click beside the form or F5 lose nothing.
      draft.keep(next);
    },
    discard: () => {
      draft.forget();
      setRestored(false);
      setValues(original);
    },
    close: onClose,
    discardAndClose: () => {
      draft.forget();
      onClose();
    },
    async save(): Promise<void> {
      setBusy(true);
      const body = creating
        ? toBody(resource.fields, values, true)
        : changedOf(resource.fields, original, values);
      try {
        if (creating) await api.send('POST', path, body, z.unknown());
        else if (Object.keys(body).length > 0)
          await api.send('PATCH', `${path}/${encodeURIComponent(id)}`, body, z.unknown());
        draft.forget();
        onSaved();
      } catch (failure) {
        setError(failure instanceof ApiError ? failure : new ApiError(0, 'unexpected', ''));
        setBusy(false);
      }
    },
  };
}
