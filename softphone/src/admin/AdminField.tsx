import { MultiSelect, Select, Switch, TextInput } from '@mantine/core';
import { type Range, ranges } from '../../../src/contracts/ranges.ts';
import { useText } from '../app/context.tsx';
import { ChoiceField, NumberField, PasswordField, TextField } from '../ui/fields.tsx';
import { KEY, type NumberRules, PASSWORD_LEAST } from '../ui/refusal.ts';
import { type CompoundField, isCompound, recordOf, textsIn } from './compound.ts';
import { faultOf, type Faults } from './faults.ts';
import { FieldGroup } from './FieldGroup.tsx';
import type { FormValue } from './form.ts';
import { textChannels, type Field } from './resources.ts';
import { ChoicesField, DigestField, PrefixesField, RegistrationField } from './TrunkFields.tsx';
import { WeekField } from './WeekField.tsx';

interface Props {
  field: Field;
  /** Where the cursor stands when the form opens. */
  first: boolean;
  creating: boolean;
  /** Why the server refused what stands here, in the person's language. */
  error: string | null;
  /** The same of each input, for fields that have several. */
  faults: Faults;
  value: FormValue;
  flows: readonly string[];
  queues: readonly { key: string; name: string }[];
  calendars: readonly { key: string; name: string }[];
  onChange: (value: FormValue) => void;
}

export function AdminField(props: Props) {
  const { field, creating, error, value, onChange } = props;
  const t = useText();
  const label = t.admin.fields[field.name] ?? field.name;
  const text = textOf(value);
  const help = t.admin.help[field.name];
  const common = { label, error, 'data-autofocus': props.first };
  if (isCompound(field)) return <SeveralField {...props} field={field} label={label} help={help} />;
  switch (field.kind) {
    case 'text':
      return <WordsField field={field} common={common} help={help} text={text} onChange={onChange} />;
    case 'secret':
      return (
        <PasswordField
          {...common}
          value={text}
          description={creating ? t.password.rule : t.admin.keep}
          onChange={(event) => onChange(event.currentTarget.value)}
          required={creating}
          minLength={PASSWORD_LEAST}
          autoComplete="new-password"
        />
      );
    case 'seconds':
    case 'number':
      return <NumbersField field={field} common={common} help={help} text={text} onChange={onChange} />;
    case 'list':
    case 'skills':
      return (
        <TextInput
          {...common}
          value={text}
          description={joined(' ', help, field.kind === 'skills' ? t.admin.skillsHint : t.admin.list)}
          placeholder={exampleOf(field)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'levels':
      return <LevelsField {...{ label, help, name: field.name, faults: props.faults, value, onChange }} />;
    case 'flag':
      return (
        <Switch
          label={label}
          description={help}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'week':
      return <WeekField {...{ label, name: field.name, faults: props.faults, value, onChange }} />;
    default:
      return <ChosenField {...props} field={field} common={common} help={help} />;
  }
}

/** What every input of a form says: its name, and why it was refused. */
interface Common {
  label: string;
  error: string | null;
  'data-autofocus': boolean;
}

function WordsField({
  field,
  common,
  help,
  text,
  onChange,
}: {
  field: Extract<Field, { kind: 'text' }>;
  common: Common;
  help: string | undefined;
  text: string;
  onChange: (value: FormValue) => void;
}) {
  const t = useText();
  return (
    <TextField
      {...common}
      description={help}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      required={field.optional !== true}
      placeholder={field.placeholder ?? ''}
      {...(field.name === 'key'
        ? { description: t.admin.keyHint, shape: { pattern: KEY, words: t.admin.keyHint } }
        : {})}
    />
  );
}

function NumbersField({
  field,
  common,
  help,
  text,
  onChange,
}: {
  field: Extract<Field, { kind: 'seconds' | 'number' }>;
  common: Common;
  help: string | undefined;
  text: string;
  onChange: (value: FormValue) => void;
}) {
  const t = useText();
  const counts = field.kind === 'number';
  const optional = counts && field.optional === true;
  return (
    <NumberField
      {...common}
      size="sm"
      {...(counts ? ranges[field.name] : partsOf(ranges[field.name], SECOND_MS))}
      placeholder={optional ? field.placeholder : ''}
      value={text}
      onChange={onChange}
      description={joined(' · ', counts ? undefined : t.admin.seconds, help)}
      required={!optional}
    />
  );
}

/** Settings that are more than one input. */
function SeveralField(
  props: Omit<Props, 'field'> & { field: CompoundField; label: string; help: string | undefined },
) {
  const { field, label, help, error, faults, value, onChange } = props;
  const inputs = { name: field.name, value, faults, onChange };
  switch (field.kind) {
    case 'digest':
      return <DigestField {...inputs} />;
    case 'registration':
      return <RegistrationField {...inputs} />;
    case 'prefixes':
      return <PrefixesField {...inputs} />;
    case 'choices':
      return <ChoicesField {...{ label, help, error, value, onChange }} values={field.values} />;
  }
}

/** Minutes for each channel of text, in one row. */
function LevelsField({
  label,
  help,
  name,
  faults,
  value,
  onChange,
}: {
  label: string;
  help: string | undefined;
  name: keyof typeof ranges;
  faults: Faults;
  value: FormValue;
  onChange: (value: FormValue) => void;
}) {
  const t = useText();
  const minutes = recordOf(value);
  return (
    <FieldGroup label={label} hint={joined(' · ', t.admin.minutes, help)} error={faults.get(name) ?? null}>
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(4, minmax(0, 1fr))', gap: 8 }}>
        {textChannels.map((channel) => (
          <NumberField
            key={channel}
            label={t.channels[channel]}
            size="sm"
            {...partsOf(ranges[name], MINUTE_MS)}
            hideControls
            error={faultOf(faults, `${name}.${channel}`)}
            value={minutes[channel] ?? ''}
            onChange={(next) => onChange({ ...minutes, [channel]: next })}
            required
            withAsterisk={false}
          />
        ))}
      </div>
    </FieldGroup>
  );
}

type Choosing = Extract<Field, { kind: 'queue' | 'queues' | 'flow' | 'calendar' | 'choice' }>;

function ChosenField(
  props: Omit<Props, 'field'> & { field: Choosing; common: Common; help: string | undefined },
) {
  const t = useText();
  const { field, value, onChange } = props;
  const common = { ...props.common, description: props.help };
  const text = textOf(value);
  const choices = props.queues.map((one) => ({ value: one.key, label: one.name }));
  switch (field.kind) {
    case 'queues':
      return <MultiSelect {...common} size="sm" data={choices} value={textsIn(value)} onChange={onChange} />;
    case 'queue':
      return (
        <ChoiceField
          {...common}
          size="sm"
          data={choices}
          value={text === '' ? null : text}
          onChange={(next) => onChange(next ?? '')}
          required
        />
      );
    case 'flow':
      return (
        <ChoiceField
          {...common}
          size="sm"
          data={[...new Set([...props.flows, ...(text === '' ? [] : [text])])]}
          value={text === '' ? null : text}
          onChange={(next) => onChange(next ?? '')}
          required
        />
      );
    case 'calendar':
      return (
        <Select
          {...common}
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
          {...common}
          size="sm"
          allowDeselect={false}
          data={field.values.map((one) => ({ value: one, label: t.admin.values[one] ?? one }))}
          {...(field.name === 'strategy' ? { description: t.admin.strategyHint } : {})}
          value={text}
          onChange={(next) => onChange(next ?? text)}
        />
      );
  }
}

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** A range of ms in the unit that people write, which they may divide. */
const partsOf = ({ min, max }: Range, unitMs: number): NumberRules => ({
  min: min / unitMs,
  max: max / unitMs,
  parts: true,
});
const joined = (between: string, ...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(between);
const exampleOf = (field: Field): string => ('placeholder' in field ? (field.placeholder ?? '') : '');
const textOf = (value: FormValue): string => (typeof value === 'string' ? value : '');
