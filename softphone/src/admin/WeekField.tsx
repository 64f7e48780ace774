import { TextInput } from '@mantine/core';
import { useText } from '../app/context.tsx';
import { recordOf } from './compound.ts';
import { faultOf, type Faults } from './faults.ts';
import { FieldGroup } from './FieldGroup.tsx';
import { weekdays, type FormValue } from './form.ts';

interface Props {
  label: string;
  name: string;
  faults: Faults;
  value: FormValue;
  onChange: (value: FormValue) => void;
}

/** The hours of each weekday. What is refused stands at its day, and names it. */
export function WeekField({ label, name, faults, value, onChange }: Props) {
  const t = useText();
  const week = recordOf(value);
  const faultAt = (day: (typeof weekdays)[number]): string | null => {
    const fault = faultOf(faults, `${name}.${day}`);
    return fault === null ? null : `${t.admin.days[day]}: ${fault}`;
  };
  return (
    <FieldGroup label={label} hint={t.admin.hoursHint} error={faults.get(name) ?? null}>
      {weekdays.map((day) => (
        <div key={day} className="row" style={{ padding: '2px 0', alignItems: 'baseline' }}>
          <label htmlFor={`day-${day}`} style={{ flex: '0 0 84px' }}>
            {t.admin.days[day]}
          </label>
          <TextInput
            id={`day-${day}`}
            size="xs"
            className="grow"
            placeholder={t.admin.closed}
            error={faultAt(day)}
            value={week[day] ?? ''}
            onChange={(event) => onChange({ ...week, [day]: event.currentTarget.value })}
          />
        </div>
      ))}
    </FieldGroup>
  );
}
