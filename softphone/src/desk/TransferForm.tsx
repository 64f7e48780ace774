import { Button, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { IconArrowForwardUp } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { presenceView, type PresenceView } from '../../../src/contracts/realtime.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { listOf } from '../session/api.ts';
import { attempt, errorText } from '../ui/errors.ts';
import { dotOf } from './PresenceMenu.tsx';

/** What the list of queues must tell; the rest of each answer is not read. */
export const queueName = z.object({ key: z.string(), name: z.string() });
type Queue = z.infer<typeof queueName>;

/** Where to: a queue or a person, found by typing. Blind: the customer never hears a dead line. */
export function TransferForm({ interaction, onDone }: { interaction: InteractionView; onDone: () => void }) {
  const t = useText();
  const { api } = useServices();
  const { desk, user } = useSignedIn();
  const [kind, setKind] = useState<'queue' | 'agent'>('queue');
  const [search, setSearch] = useState('');
  const [queues, setQueues] = useState<readonly Queue[]>([]);
  const [people, setPeople] = useState<readonly PresenceView[]>([]);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    api.get('/api/v1/queues', listOf(queueName)).then((list) => setQueues(list.items), setError);
    api.get('/api/v1/agents', listOf(presenceView)).then((list) => setPeople(list.items), setError);
  }, [api]);
  const go = async (id: string): Promise<void> => {
    if (await attempt(t, desk.transfer(interaction.id, { type: kind, id }))) onDone();
  };
  const has = (name: string): boolean => name.toLowerCase().includes(search.toLowerCase());
  const choices =
    kind === 'queue'
      ? queues
          .filter((one) => one.key !== interaction.queue && has(one.name))
          .map((one) => ({ id: one.key, name: one.name, dot: '', about: '', free: true }))
      : people
          .filter((one) => one.agentId !== user.id && has(one.name))
          .map((one) => ({
            id: one.agentId,
            name: one.name,
            dot: dotOf(one.state),
            about: one.load.voice ? t.presence.onCall : t.presence[one.state],
            free: one.state === 'available',
          }));
  return (
    <div className="col" style={{ gap: 8 }} data-testid="transfer-form">
      <SegmentedControl
        fullWidth
        size="xs"
        value={kind}
        onChange={(next) => setKind(next === 'agent' ? 'agent' : 'queue')}
        data={[
          { value: 'queue', label: t.transfer.queue },
          { value: 'agent', label: t.transfer.agent },
        ]}
      />
      <TextInput
        size="xs"
        placeholder={t.transfer.search}
        aria-label={t.transfer.search}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        data-autofocus
      />
      <div style={{ maxHeight: 230, overflow: 'auto' }}>
        {choices.map((one) => (
          <button key={one.id} type="button" className="plain card" onClick={() => void go(one.id)}>
            <span className="row">
              {one.dot === '' ? null : <span className={`dot ${one.dot}`} aria-hidden="true" />}
              <span className="clip grow">{one.name}</span>
              <span className="dim3">{one.about}</span>
            </span>
          </button>
        ))}
        {choices.length === 0 ? (
          <p className="dim3" style={{ margin: 6 }}>
            {error === null ? t.transfer.nobody : errorText(t, error)}
          </p>
        ) : null}
      </div>
      <span className="dim3" style={{ fontSize: 12 }}>
        {t.transfer.blind}
      </span>
    </div>
  );
}

export function TransferButton({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="lg" width={340} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconArrowForwardUp size={15} />}
          onClick={() => setOpened((open) => !open)}
        >
          {t.call.transfer}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TransferForm interaction={interaction} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
