import { Button, Popover } from '@mantine/core';
import { IconHandGrab, IconUserPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { useDone, type Done } from '../ui/Done.tsx';
import { useStore } from '../ui/store.ts';
import { isUnchosen } from '../app/keys.ts';
import { pauseOf } from './presence-said.ts';
import { cannotTake, givenOf } from './transfer.ts';

/** A waiting contact: taken where the queue allows it, given to somebody by supervisors. */
export function TakeOrAssign({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, user, queues, actions } = useSignedIn();
  const away = useStore(desk.work).presence?.state === 'offline';
  const { router } = useServices();
  const done = useDone();
  const allowed = useStore(queues.list).find((one) => one.key === interaction.queue)?.allowTake !== false;
  if (interaction.state !== 'queued') return done.note;
  const supervises = user.role !== 'operator';
  const mayTake = allowed || supervises;
  const take = async (): Promise<void> => {
    if (!(await done.run(t, desk.take(interaction.id)))) return;
    router.go('/');
    // The button is gone: what is typed next goes to the customer, and the next Enter takes no call that rings.
    window.requestAnimationFrame(() => {
      if (isUnchosen(document.activeElement) && !actions.run('reply')) actions.run('note');
    });
  };
  return (
    <span className="row">
      {done.note}
      {mayTake && !away ? (
        <Button leftSection={<IconHandGrab size={15} />} onClick={() => void take()} data-testid="take">
          {t.take.take}
        </Button>
      ) : (
        <span className="dim3">{mayTake ? t.take.away : t.take.inOrder}</span>
      )}
      {supervises ? <AssignButton interaction={interaction} done={done} /> : null}
    </span>
  );
}

function AssignButton({ interaction, done }: { interaction: InteractionView; done: Done }) {
  const t = useText();
  const { desk, people, queues } = useSignedIn();
  const [opened, setOpened] = useState(false);
  const all = Object.values(useStore(people.store));
  useEffect(() => {
    if (opened) void people.reload().catch(() => undefined);
  }, [opened, people]);
  const voice = interaction.channel === 'voice';
  const assign = async (id: string): Promise<void> => {
    setOpened(false);
    await done.run(t, desk.assign(interaction.id, id), t.take.assigned);
  };
  const choices = all
    .filter((one) => one.queues.length > 0)
    .map((one) => {
      const why = cannotTake(one, givenOf(interaction, queues.of(interaction.queue)));
      // A text is given to a full desk or into a pause as well; a call only to who can talk now.
      return { one, why, free: voice ? why === null : why !== 'offline' };
    })
    .sort((a, b) => Number(b.free) - Number(a.free) || a.one.name.localeCompare(b.one.name));
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      shadow="lg"
      width={300}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconUserPlus size={15} />}
          onClick={() => setOpened((open) => !open)}
          data-testid="assign"
        >
          {t.take.assign}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div style={{ maxHeight: 260, overflow: 'auto' }}>
          {choices.map(({ one, why, free }) => (
            <button
              key={one.agentId}
              type="button"
              className="plain card ring"
              disabled={!free}
              onClick={() => void assign(one.agentId)}
            >
              <span className="row">
                <span className="clip grow">{one.name}</span>
                <span className="dim3">
                  {why === 'paused' ? pauseOf(t, one) : t.transfer.why[why ?? 'free']}
                </span>
              </span>
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
