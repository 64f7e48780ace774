import { ActionIcon, Button, Modal, SegmentedControl, Stack } from '@mantine/core';
import { IconUserCog } from '@tabler/icons-react';
import { useState } from 'react';
import type { PresenceView } from '../../../src/contracts/realtime.ts';
import { useServices, useText } from '../app/context.tsx';
import { useDone } from '../ui/Done.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';

/** A pause or the end of the day for somebody else, with a reason that this person reads. */
export function Force({ person }: { person: PresenceView }) {
  const t = useText();
  const [opened, setOpened] = useState(false);
  const done = useDone();
  return (
    <span className="row tight" style={{ justifyContent: 'flex-end' }}>
      {done.note}
      <ActionIcon
        size="sm"
        color="slate"
        aria-label={t.board.force(person.name)}
        onClick={() => setOpened(true)}
      >
        <IconUserCog size={16} />
      </ActionIcon>
      {opened ? (
        <ForceDialog
          person={person}
          onClose={() => setOpened(false)}
          onForced={() => {
            setOpened(false);
            done.tell(t.board.forced);
          }}
        />
      ) : null}
    </span>
  );
}

function ForceDialog(props: { person: PresenceView; onClose: () => void; onForced: () => void }) {
  const t = useText();
  const { api } = useServices();
  const { person } = props;
  const [state, setState] = useState<'paused' | 'offline'>('paused');
  const [reason, setReason] = useState('');
  const done = useDone();
  const save = async (): Promise<void> => {
    const path = `/api/v1/agents/${encodeURIComponent(person.agentId)}/presence`;
    if (await done.run(t, api.put(path, { state, reason: reason.trim() }))) props.onForced();
  };
  return (
    <Modal opened onClose={props.onClose} title={t.board.force(person.name)} size="sm">
      <Form send={() => void save()}>
        <Stack gap="sm">
          <SegmentedControl
            value={state}
            onChange={(value) => setState(value === 'offline' ? 'offline' : 'paused')}
            data={[
              { value: 'paused', label: t.board.forcePause },
              { value: 'offline', label: t.board.forceOffline },
            ]}
          />
          <TextField
            label={t.board.forceWhy}
            description={t.board.forceHint}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            minLength={3}
            maxLength={200}
            data-autofocus
          />
          {done.note}
          <Button type="submit" size="sm" disabled={reason.trim().length < 3}>
            {t.common.save}
          </Button>
        </Stack>
      </Form>
    </Modal>
  );
}
