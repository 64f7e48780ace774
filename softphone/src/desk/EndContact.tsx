import { Button, Popover } from '@mantine/core';
import { IconCircleX } from '@tabler/icons-react';
import { useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { useArmed } from '../ui/Armed.tsx';
import { useDone } from '../ui/Done.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';

const OVER: ReadonlySet<InteractionView['state']> = new Set(['closed', 'abandoned', 'missed']);
/** Of a reason, characters. */
const SHORTEST = 3;
const LONGEST = 500;

/** Who leads may end somebody else's contact, whatever it is doing: with a reason, by a second press. */
export function EndContact({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, user } = useSignedIn();
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const given = reason.trim();
  const end = async (): Promise<void> => {
    setBusy(true);
    if (await done.run(t, desk.end(interaction.id, given), t.end.ended)) setOpened(false);
    setBusy(false);
  };
  const { armed, press, onKeyDown } = useArmed(() => void end());
  if (user.role === 'operator') return null;
  if (OVER.has(interaction.state)) return done.note;
  const submit = (): void => {
    if (!busy) press();
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      shadow="lg"
      width={320}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCircleX size={15} />}
          onClick={() => setOpened((open) => !open)}
          data-testid="end-contact"
        >
          {t.end.open}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Form className="col" send={submit} onKeyDown={onKeyDown}>
          <TextField
            label={t.end.why}
            description={t.end.hint}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            minLength={SHORTEST}
            maxLength={LONGEST}
            data-autofocus
          />
          {done.note}
          <Button
            type="submit"
            color="red"
            variant={armed ? 'filled' : 'light'}
            disabled={given.length < SHORTEST}
            loading={busy}
            data-testid="end-confirm"
          >
            {armed ? t.end.again : t.end.end}
          </Button>
        </Form>
      </Popover.Dropdown>
    </Popover>
  );
}
