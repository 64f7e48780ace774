import { ActionIcon, Button, Checkbox, Group, Switch, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { ranges } from '../../../src/contracts/ranges.ts';
import { writtenNumber } from '../../../src/shared/br/written-number.ts';
import { useText } from '../app/context.tsx';
import { NumberField, PasswordField, TextField } from '../ui/fields.tsx';
import { recordOf, rowsOf, rulesOf, textsIn } from './compound.ts';
import type { Faults } from './faults.ts';
import { FieldGroup } from './FieldGroup.tsx';
import type { FormRows, FormValue } from './form.ts';

interface Props {
  name: string;
  value: FormValue;
  faults: Faults;
  onChange: (value: FormValue) => void;
}

/** A password of the carrier's. `stored`: there is one, which stays unless another is typed. */
function Secret({
  stored,
  onChange,
  ...input
}: {
  label: string;
  stored: boolean;
  error: string | null;
  value: string;
  onChange: (value: string) => void;
  required: boolean;
  withAsterisk?: boolean;
}) {
  const t = useText();
  return (
    <PasswordField
      {...input}
      description={stored ? t.admin.keep : t.trunks.secretWhy}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="new-password"
    />
  );
}

/** User and password at the carrier (SIP digest). The stored password never comes back: typed again when the user changes. */
export function DigestField({ name, value, faults, onChange }: Props) {
  const t = useText();
  const pair = recordOf(value);
  const { username = '', stored = '', password = '' } = pair;
  return (
    <div className="fields">
      <TextField
        label={t.admin.digestUser}
        description={t.trunks.digestWhy}
        error={faults.get(`${name}.username`) ?? faults.get(name) ?? null}
        value={username}
        onChange={(event) => onChange({ ...pair, username: event.currentTarget.value })}
        required={password !== ''}
        withAsterisk={false}
        autoComplete="off"
      />
      <Secret
        label={t.admin.digestPassword}
        stored={stored !== ''}
        error={faults.get(`${name}.password`) ?? null}
        value={password}
        onChange={(next) => onChange({ ...pair, password: next })}
        required={username !== '' && username !== stored}
        withAsterisk={false}
      />
    </div>
  );
}

/** We as a telephone of the carrier: where, as whom, for how long. */
export function RegistrationField({ name, value, faults, onChange }: Props) {
  const t = useText();
  const at = recordOf(value);
  const set = (change: Record<string, string>): void => onChange({ ...at, ...change });
  const fault = (field: string): string | null => faults.get(`${name}.${field}`) ?? null;
  const on = (at['on'] ?? '') !== '';
  return (
    <>
      <Switch
        label={t.trunks.registers}
        description={t.trunks.registersWhy}
        error={faults.get(name) ?? null}
        checked={on}
        onChange={(event) => set({ on: event.currentTarget.checked ? 'on' : '' })}
      />
      {on ? (
        <div className="fields">
          <TextField
            label={t.trunks.registrar}
            description={t.trunks.registrarWhy}
            placeholder="sip:operadora.exemplo"
            error={fault('registrar')}
            value={at['registrar'] ?? ''}
            onChange={(event) => set({ registrar: event.currentTarget.value })}
            required
          />
          <NumberField
            label={t.trunks.expires}
            description={t.trunks.expiresWhy}
            size="sm"
            {...ranges.expiresS}
            error={fault('expiresS')}
            value={at['expiresS'] ?? ''}
            onChange={(expiresS) => set({ expiresS })}
            required
          />
          <TextField
            label={t.trunks.account}
            description={t.trunks.accountWhy}
            error={fault('username')}
            value={at['username'] ?? ''}
            onChange={(event) => set({ username: event.currentTarget.value })}
            required
            autoComplete="off"
          />
          <Secret
            label={t.trunks.accountPassword}
            stored={(at['stored'] ?? '') !== ''}
            error={fault('password')}
            value={at['password'] ?? ''}
            onChange={(password) => set({ password })}
            required={(at['stored'] ?? '') === ''}
          />
        </div>
      ) : null}
    </>
  );
}

/** A mobile number, a fixed one in another state, abroad and a service: what people check a plan of numbers with. */
const SAMPLES = ['+5511912345678', '+552130001000', '+14155550100', '08001234567'] as const;

const SAMPLES_STYLE = { listStyle: 'none', margin: 0, padding: 0, gap: '2px 16px', fontSize: 12 } as const;

/** How numbers are written to the carrier, with what comes of it while it is typed. */
export function PrefixesField({ name, value, faults, onChange }: Props) {
  const t = useText();
  const rows = rowsOf(value);
  const place = useRef<HTMLDivElement>(null);
  const set = (index: number, change: FormRows[number]): void =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  const remove = (index: number): void => {
    onChange(rows.filter((_row, at) => at !== index));
    // The pressed button goes with its line: the keys go on at the one that stays.
    place.current?.querySelector<HTMLElement>('[data-add]')?.focus();
  };
  return (
    <FieldGroup label={t.trunks.prefixes} hint={t.trunks.prefixesWhy} error={faults.get(name) ?? null}>
      <div ref={place} className="col">
        {rows.map((row, index) => (
          <PrefixRow
            // Rules have no name of their own; they are only put at the end, and all that they hold is in `rows`.
            key={String(index)}
            row={row}
            number={index + 1}
            fault={(field) => faults.get(`${name}.${String(index)}.${field}`) ?? null}
            onChange={(change) => set(index, change)}
            onRemove={() => remove(index)}
          />
        ))}
        <div>
          <Button
            data-add
            variant="light"
            size="compact-xs"
            leftSection={<IconPlus size={13} />}
            onClick={() => onChange([...rows, { prefix: '', strip: '', prepend: '' }])}
          >
            {t.trunks.addPrefix}
          </Button>
        </div>
        {rows.length === 0 ? null : (
          <ul className="row wrap dim num" aria-label={t.trunks.written} style={SAMPLES_STYLE}>
            {SAMPLES.map((sample) => (
              <li key={sample}>{`${sample} → ${writtenNumber(rulesOf(rows), sample)}`}</li>
            ))}
          </ul>
        )}
      </div>
    </FieldGroup>
  );
}

function PrefixRow(props: {
  row: FormRows[number];
  number: number;
  fault: (field: string) => string | null;
  onChange: (change: FormRows[number]) => void;
  onRemove: () => void;
}) {
  const t = useText();
  const { row, number, fault, onChange } = props;
  return (
    <div className="row" role="group" aria-label={t.trunks.rule(number)} style={{ alignItems: 'flex-start' }}>
      <TextInput
        className="grow"
        size="xs"
        label={t.trunks.prefix}
        placeholder={t.trunks.anyNumber}
        error={fault('prefix')}
        value={row['prefix'] ?? ''}
        onChange={(event) => onChange({ prefix: event.currentTarget.value })}
      />
      <NumberField
        className="grow"
        size="xs"
        label={t.trunks.strip}
        placeholder={t.trunks.nothing}
        {...ranges.strip}
        error={fault('strip')}
        value={row['strip'] ?? ''}
        onChange={(strip) => onChange({ strip })}
      />
      <TextInput
        className="grow"
        size="xs"
        label={t.trunks.prepend}
        placeholder={t.trunks.nothing}
        error={fault('prepend')}
        value={row['prepend'] ?? ''}
        onChange={(event) => onChange({ prepend: event.currentTarget.value })}
      />
      <ActionIcon
        color="slate"
        size={30}
        style={{ marginTop: 20 }}
        aria-label={t.trunks.removeRule(number)}
        onClick={props.onRemove}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </div>
  );
}

/** Any of a few words; none chosen leaves it open. */
export function ChoicesField({
  label,
  help,
  error,
  values,
  value,
  onChange,
}: {
  label: string;
  help: string | undefined;
  error: string | null;
  values: readonly string[];
  value: FormValue;
  onChange: (value: FormValue) => void;
}) {
  const chosen = textsIn(value);
  return (
    <Checkbox.Group
      label={label}
      description={help}
      error={error}
      value={chosen}
      onChange={onChange}
      size="sm"
    >
      <Group gap="md" mt={6}>
        {[...new Set([...values, ...chosen])].map((one) => (
          <Checkbox key={one} size="sm" value={one} label={one.toUpperCase()} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
