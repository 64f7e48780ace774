import { MultiSelect, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useText } from '../app/context.tsx';
import { weekdays, type FormValue } from './form.ts';
import type { Field } from './resources.ts';

interface Props {
  field: Field;
  creating: boolean;
  value: FormValue;
  queues: readonly { key: string; name: string }[];
  calendars: readonly { key: string; name: string }[];
  onChange: (value: FormValue) => void;
}

export function AdminField({ field, creating, value, queues, calendars, onChange }: Props) {
  const t = useText();
  const label = t.admin.fields[field.name] ?? field.name;
  const text = textOf(value);
  switch (field.kind) {
    case 'text':
      return <WordsField field={field} label={label} text={text} onChange={onChange} />;
    case 'secret':
      return (
        <PasswordInput
          label={label}
          value={text}
          description={creating ? t.password.rule : t.admin.keep}
          onChange={(event) => onChange(event.currentTarget.value)}
          required={creating}
          autoComplete="new-password"
        />
      );
    case 'seconds':
    case 'number':
      return (
        <NumberInput
          label={label}
          size="sm"
          min={0}
          value={text}
          onChange={(next) => onChange(String(next))}
          description={unitOf(t, field.kind)}
          required
        />
      );
    case 'list':
      return (
        <TextInput
          label={label}
          value={text}
          description={t.admin.list}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'queues':
    case 'queue':
    case 'calendar':
    case 'choice':
      return (
        <ChoiceField
          field={field}
          label={label}
          value={value}
          queues={queues}
          calendars={calendars}
          onChange={onChange}
        />
      );
    case 'digest':
      return <DigestField value={value} onChange={onChange} />;
    case 'flag':
      return (
        <Switch
          label={label}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'week':
      return <WeekField label={label} value={value} onChange={onChange} />;
  }
}

function WordsField({
  field,
  label,
  text,
  onChange,
}: {
  field: Extract<Field, { kind: 'text' }>;
  label: string;
  text: string;
  onChange: (value: FormValue) => void;
}) {
  const t = useText();
  return (
    <TextInput
      label={label}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      required={field.optional !== true}
      placeholder={field.placeholder ?? ''}
      {...(field.name === 'key'
        ? { description: t.admin.keyHint, pattern: '[a-z0-9][a-z0-9\\-]*', title: t.admin.keyHint }
        : {})}
    />
  );
}

function WeekField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: FormValue;
  onChange: (value: FormValue) => void;
}) {
  const t = useText();
  const week = typeof value === 'object' && !Array.isArray(value) ? value : {};
  return (
    <fieldset
      style={{ border: '1px solid var(--line)', borderRadius: 6, padding: '6px 12px 10px', margin: 0 }}
    >
      <legend style={{ fontWeight: 600 }}>{label}</legend>
      {weekdays.map((day) => (
        <div key={day} className="row" style={{ padding: '2px 0' }}>
          <label htmlFor={`day-${day}`} style={{ width: 84 }}>
            {t.admin.days[day]}
          </label>
          <TextInput
            id={`day-${day}`}
            size="xs"
            className="grow"
            placeholder={t.admin.closed}
            value={week[day] ?? ''}
            onChange={(event) => onChange({ ...week, [day]: event.currentTarget.value })}
          />
        </div>
      ))}
      <span className="dim3" style={{ fontSize: 12 }}>
        {t.admin.hoursHint}
      </span>
    </fieldset>
  );
}

/** User and password at the carrier (SIP digest). The stored password never comes back: typed again when the user changes. */
function DigestField({ value, onChange }: { value: FormValue; onChange: (value: FormValue) => void }) {
  const t = useText();
  const pair = typeof value === 'object' && !Array.isArray(value) ? value : {};
  const { username = '', stored = '', password = '' } = pair;
  return (
    <div className="row" style={{ alignItems: 'flex-start' }}>
      <TextInput
        className="grow"
        label={t.admin.digestUser}
        value={username}
        onChange={(event) => onChange({ ...pair, username: event.currentTarget.value })}
        required={password !== ''}
        withAsterisk={false}
        autoComplete="off"
      />
      <PasswordInput
        className="grow"
        label={t.admin.digestPassword}
        value={password}
        placeholder={stored === '' ? '' : t.admin.keep}
        onChange={(event) => onChange({ ...pair, password: event.currentTarget.value })}
        required={username !== '' && username !== stored}
        withAsterisk={false}
        autoComplete="new-password"
      />
    </div>
  );
}

type Choosing = Extract<Field, { kind: 'queue' | 'queues' | 'calendar' | 'choice' }>;

function ChoiceField(props: Omit<Props, 'field' | 'creating'> & { field: Choosing; label: string }) {
  const t = useText();
  const { field, label, value, onChange } = props;
  const text = textOf(value);
  const choices = props.queues.map((one) => ({ value: one.key, label: one.name }));
  switch (field.kind) {
    case 'queues':
      return (
        <MultiSelect
          label={label}
          size="sm"
          data={choices}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
        />
      );
    case 'queue':
      return (
        <Select
          label={label}
          size="sm"
          data={choices}
          value={text === '' ? null : text}
          onChange={(next) => onChange(next ?? '')}
          required
        />
      );
    case 'calendar':
      return (
        <Select
          label={label}
          size="sm"
          allowDeselect={false}
          data={[
            { value: '', label: t.admin.always },
            ...props.calendars.map((one) => ({ value: one.key, label: one.name })),
          ]}
          value={text}
          onChange={(next) => onChange(next ?? '')}
        />
      );
    case 'choice':
      return (
        <Select
          label={label}
          size="sm"
          allowDeselect={false}
          data={field.values.map((one) => ({ value: one, label: t.admin.values[one] ?? one }))}
          value={text}
          onChange={(next) => onChange(next ?? text)}
        />
      );
  }
}

const unitOf = (t: ReturnType<typeof useText>, kind: Field['kind']): string | undefined =>
  kind === 'seconds' ? t.admin.seconds : undefined;
const textOf = (value: FormValue): string => (typeof value === 'string' ? value : '');
