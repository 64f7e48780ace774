import { Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useActions } from '../app/actions.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { Form } from '../ui/Form.tsx';

/** One box for name, phone, document and protocol: Enter shows what was found. */
export function SearchBox() {
  const t = useText();
  const { router } = useServices();
  const { actions } = useSignedIn();
  const [value, setValue] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useActions(actions, { search: () => field.current?.select() });
  return (
    <Form
      role="search"
      aria-label={t.search.everywhere}
      send={() => {
        if (value.trim() !== '') router.go(`/clientes?q=${encodeURIComponent(value.trim())}`);
      }}
    >
      <TextInput
        ref={field}
        size="xs"
        className="search-box"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        leftSection={<IconSearch size={15} />}
        rightSection={<Kbd size="xs">S</Kbd>}
        placeholder={t.search.placeholder}
        aria-label={t.search.placeholder}
        type="search"
      />
    </Form>
  );
}
