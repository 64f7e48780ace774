import { Alert, Button } from '@mantine/core';
import { useText } from '../app/context.tsx';

/** Over a form whose unsaved values came back. */
export function DraftBack({ form }: { form: { restored: boolean; discard: () => void } }) {
  const t = useText();
  if (!form.restored) return null;
  return (
    <Alert color="petrol" variant="light" p="xs" role="status">
      {t.admin.draftBack}{' '}
      <Button variant="subtle" size="compact-xs" onClick={form.discard}>
        {t.admin.draftDrop}
      </Button>
    </Alert>
  );
}
