import { Fieldset, NumberInput, Stack, Switch, TagsInput } from '@mantine/core';
import { useText } from '../app/context.tsx';
import type { Dialing } from './company.ts';
import { faultOf, type Faults } from './faults.ts';

/** "+55", "55 11", "0055": all the beginning of an international number. */
const prefixOf = (text: string): string => `+${text.replace(/\D/g, '').replace(/^00/, '')}`;

/** Where the people of the company may call, and how often. */
export function DialingFields({
  value,
  faults,
  onChange,
}: {
  value: Dialing;
  faults: Faults;
  onChange: (value: Dialing) => void;
}) {
  const t = useText();
  const set = (change: Partial<Dialing>): void => onChange({ ...value, ...change });
  return (
    <Fieldset legend={t.company.dialing}>
      <Stack gap="sm">
        <TagsInput
          label={t.company.countries}
          description={t.company.countriesWhy}
          error={faultOf(faults, 'dialing.countries')}
          value={[...value.countries]}
          maxTags={50}
          onChange={(tags) =>
            set({
              countries: [...new Set(tags.map(prefixOf))].filter((one) => /^\+[1-9]\d{0,14}$/.test(one)),
            })
          }
        />
        <NumberInput
          label={t.company.callsPerMinute}
          description={t.company.callsPerMinuteWhy}
          min={1}
          max={120}
          allowDecimal={false}
          error={faultOf(faults, 'dialing.callsPerMinute')}
          value={value.callsPerMinute}
          onChange={(count) => set({ callsPerMinute: typeof count === 'number' ? count : 10 })}
        />
        <Switch
          label={t.company.premium}
          checked={value.premium}
          onChange={(event) => set({ premium: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}
