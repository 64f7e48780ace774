import { ActionIcon, Button, Modal, SegmentedControl, Stack } from '@mantine/core';
import { IconUserCog } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import type { PresenceView } from '../../../src/contracts/realtime.ts';
import { useServices, useText } from '../app/context.tsx';
import { useTyped } from '../session/useTyped.ts';
import { DraftBack } from '../ui/DraftBack.tsx';
import { useDone } from '../ui/Done.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';

/** A pause or the end of the day for somebody else, with a reason that this person reads. Nothing for who is gone already. */
export function Force({ person }: { person: PresenceView }) {
  const t = useText();
  const [opened, setOpened] = useState(false);
  const done = useDone();
  return (
    <span className="row tight beside" style={{ justifyContent: 'flex-end' }}>
      <span className="said">{done.note}</span>
      {person.state === 'offline' ? null : (
        <ActionIcon
          size="sm"
          color="slate"
          aria-label={t.board.force(person.name)}
          onClick={() => setOpened(true)}
        >
          <IconUserCog size={16} />
        </ActionIcon>
      )}
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

const forcing = z.object({ state: z.enum(['paused', 'offline']), reason: z.string() });
const forcingTyped = forcing.partial();
type Forcing = z.infer<typeof forcing>;

function ForceDialog(props: { person: PresenceView; onClose: () => void; onForced: () => void }) {
  const t = useText();
  const { api } = useServices();
  const { person } = props;
  const form = useTyped<Forcing>(`presenca.${person.agentId}`, forcingTyped, { state: 'paused', reason: '' });
  const { state, reason } = form.values;
  const done = useDone();
  const save = async (): Promise<void> => {
    const path = `/api/v1/agents/${encodeURIComponent(person.agentId)}/presence`;
    if (!(await done.run(t, api.put(path, { state, reason: reason.trim() })))) return;
    form.discard();
    props.onForced();
  };
  return (
    <Modal opened onClose={props.onClose} title={t.board.force(person.name)} size="sm">
      <Form send={() => void save()}>
        <Stack gap="sm">
          <DraftBack form={form} />
          <SegmentedControl
            value={state}
            onChange={(value) => form.set({ state: value === 'offline' ? 'offline' : 'paused' })}
            data={[
              { value: 'paused', label: t.board.forcePause },
              { value: 'offline', label: t.board.forceOffline },
            ]}
          />
          <TextField
            label={t.board.forceWhy}
            description={t.board.forceHint}
            value={reason}
            onChange={(event) => form.set({ reason: event.currentTarget.value })}
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
