import { Fieldset, Stack, Switch } from '@mantine/core';
import { ranges } from '../../../src/contracts/ranges.ts';
import { useText } from '../app/context.tsx';
import { NumberField, TagsField } from '../ui/fields.tsx';
import { isPrefix, prefixesOf, type Dialing } from './company.ts';
import { faultOf, type Faults } from './faults.ts';

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
  const strange = value.countries.find((one) => !isPrefix(one));
  return (
    <Fieldset legend={t.company.dialing}>
      <Stack gap="sm">
        <TagsField
          label={t.company.countries}
          description={t.company.countriesWhy}
          wrong={strange === undefined ? null : t.company.noPrefix(strange)}
          error={faultOf(faults, 'dialing.countries')}
          value={[...value.countries]}
          onChange={(typed) => set({ countries: prefixesOf(typed) })}
        />
        <NumberField
          label={t.company.callsPerMinute}
          description={t.company.callsPerMinuteWhy}
          {...ranges.callsPerMinute}
          error={faultOf(faults, 'dialing.callsPerMinute')}
          value={String(value.callsPerMinute)}
          onChange={(callsPerMinute) => set({ callsPerMinute })}
          required
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
