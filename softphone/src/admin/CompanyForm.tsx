import { Button, Select, SimpleGrid, Stack } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useText } from '../app/context.tsx';
import type { TypedForm } from '../session/useTyped.ts';
import { useDone } from '../ui/Done.tsx';
import { DraftBack } from '../ui/DraftBack.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';
import { faultOf, faultsOf, type Faults } from './faults.ts';
import { companyView, states, timeZones, type Company } from './company.ts';

interface Props {
  form: Pick<TypedForm<Company>, 'values' | 'restored' | 'set' | 'discard'>;
  /** The server has it. */
  onSaved: (sent: Company) => void;
  /** What the button says. */
  submit: string;
  /** What stands at the button once it is saved, where the form stays. */
  said?: string;
  /** Fields that belong beside the name. */
  naming?: (faults: Faults) => ReactNode;
  /** The form stands in a window: its first field takes the cursor, and its foot stays in sight with the way out. */
  onCancel?: () => void;
  /** Rejects with what the server refused: the form says it and stays. */
  save: (company: Company) => Promise<void>;
  /** Fields beside those of every company, before the button. */
  children: (company: Company, set: (change: Partial<Company>) => void, faults: Faults) => ReactNode;
}

/** What a company is: its name, clock, state and regime; the same for the own one and for a new one. */
export function CompanyForm(props: Props) {
  const { submit, said, naming, onCancel, save, onSaved, children } = props;
  const { values: form, set } = props.form;
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>(new Map());
  const done = useDone();
  const send = async (): Promise<void> => {
    setBusy(true);
    setFaults(new Map());
    const saving = save({ ...form, name: form.name.trim() }).catch((error: unknown) => {
      setFaults(faultsOf(t, error));
      throw error;
    });
    if (await done.run(t, saving, said)) onSaved(form);
    setBusy(false);
  };
  return (
    <Form
      {...(onCancel === undefined ? {} : { className: 'tall-form' })}
      refusal={faults}
      send={() => void send()}
    >
      <Stack gap="sm">
        <DraftBack form={props.form} />
        <TextField
          label={t.company.name}
          description={t.company.nameWhy}
          required
          maxLength={120}
          data-autofocus={onCancel !== undefined}
          error={faultOf(faults, 'name')}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        {naming?.(faults)}
        <SimpleGrid cols={2} spacing="sm" style={{ alignItems: 'end' }}>
          <Select
            size="sm"
            label={t.company.timeZone}
            description={t.company.timeZoneWhy}
            searchable
            allowDeselect={false}
            data={timeZones(form.timeZone)}
            error={faultOf(faults, 'timeZone')}
            value={form.timeZone}
            onChange={(value) => set({ timeZone: value ?? form.timeZone })}
          />
          <Select
            size="sm"
            label={t.company.state}
            description={t.company.stateWhy}
            searchable
            clearable
            data={states}
            error={faultOf(faults, 'state')}
            value={form.state ?? null}
            onChange={(value) => set({ state: value })}
          />
        </SimpleGrid>
        <Select
          size="sm"
          label={t.company.regime}
          description={t.company.regimeWhy}
          allowDeselect={false}
          data={companyView.shape.regime.options.map((value) => ({
            value,
            label: t.company.regimes[value],
          }))}
          error={faultOf(faults, 'regime')}
          value={form.regime}
          onChange={(value) => set({ regime: companyView.shape.regime.parse(value) })}
        />
        {children(form, set, faults)}
      </Stack>
      <footer style={onCancel === undefined ? { marginTop: 10 } : undefined}>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          {done.note}
          {onCancel === undefined ? null : (
            <Button variant="default" size="sm" onClick={onCancel}>
              {t.common.cancel}
            </Button>
          )}
          <Button type="submit" size="sm" loading={busy}>
            {submit}
          </Button>
        </div>
      </footer>
    </Form>
  );
}
