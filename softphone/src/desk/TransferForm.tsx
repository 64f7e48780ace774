import { Button, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { IconArrowForwardUp } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { presenceView, type PresenceView } from '../../../src/contracts/realtime.ts';
import { useActions } from '../app/actions.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import type { Dictionary } from '../i18n/index.ts';
import { listOf } from '../session/api.ts';
import { queueSchema, type Queue } from '../session/queues.ts';
import { useArmed } from '../ui/Armed.tsx';
import { useDone } from '../ui/Done.tsx';
import { errorText } from '../ui/errors.ts';
import { dotOf } from './PresenceMenu.tsx';
import { pauseOf } from './presence-said.ts';
import { useSelect } from '../ui/store.ts';
import { type Given, givenOf, peopleToChoose } from './transfer.ts';
import { currentCall } from './work.ts';

interface Choice {
  id: string;
  name: string;
  dot: string;
  /** Why it cannot be chosen now, or what it is doing. */
  about: string;
  free: boolean;
}

/** Where to: a queue or a person, found by typing. Blind: the customer never hears a dead line. */
export function TransferForm({ interaction, onDone }: { interaction: InteractionView; onDone: () => void }) {
  const t = useText();
  const { api } = useServices();
  const { desk } = useSignedIn();
  const [kind, setKind] = useState<'queue' | 'agent'>('queue');
  const [search, setSearch] = useState('');
  const [queues, setQueues] = useState<readonly Queue[]>([]);
  const [people, setPeople] = useState<readonly PresenceView[]>([]);
  const [error, setError] = useState<unknown>(null);
  const done = useDone();
  useEffect(() => {
    api.get('/api/v1/agents', listOf(presenceView)).then((list) => setPeople(list.items), setError);
    api.get('/api/v1/queues/targets', listOf(queueSchema)).then((list) => setQueues(list.items), setError);
  }, [api]);
  const go = async (id: string): Promise<void> => {
    if (await done.run(t, desk.transfer(interaction.id, { type: kind, id }))) onDone();
  };
  const { user, queues: known } = useSignedIn();
  const has = (name: string): boolean => name.toLowerCase().includes(search.toLowerCase());
  const choices: Choice[] =
    kind === 'queue'
      ? queues
          .filter((one) => one.key !== interaction.queue)
          .map((one) => ({ id: one.key, name: one.name, dot: '', about: '', free: true }))
      : peopleChoices(t, people, givenOf(interaction, known.of(interaction.queue)), user.id);
  const shown = choices.filter((one) => has(one.name));
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
        {shown.map((one) => (
          <Target key={one.id} choice={one} onChoose={() => void go(one.id)} />
        ))}
        {shown.length === 0 ? (
          <p className="dim3" style={{ margin: 6 }}>
            {error === null ? t.transfer.nobody : errorText(t, error)}
          </p>
        ) : null}
      </div>
      {done.note}
      <span className="dim3" style={{ fontSize: 12 }}>
        {t.transfer.blind[interaction.channel === 'voice' ? 'voice' : 'written']}
      </span>
    </div>
  );
}

const peopleChoices = (t: Dictionary, people: readonly PresenceView[], given: Given, me: string): Choice[] =>
  peopleToChoose(people, given, me).map(({ person, why }) => ({
    id: person.agentId,
    name: person.name,
    dot: dotOf(person.state),
    about: why === 'paused' ? pauseOf(t, person) : t.transfer.why[why ?? 'free'],
    free: why === null,
  }));

/** A transfer cannot be called back: the second press gives the contact away. */
function Target({ choice, onChoose }: { choice: Choice; onChoose: () => void }) {
  const t = useText();
  const { armed, press, onKeyDown } = useArmed(onChoose);
  return (
    <button
      type="button"
      className={`plain card ring${armed ? ' armed' : ''}`}
      disabled={!choice.free}
      onClick={press}
      onKeyDown={onKeyDown}
      data-testid="transfer-target"
    >
      <span className="row">
        {choice.dot === '' ? null : <span className={`dot ${choice.dot}`} aria-hidden="true" />}
        <span className="clip grow">{choice.name}</span>
        <span className={armed ? 'warn' : 'dim3'} role={armed ? 'status' : undefined}>
          {armed ? t.transfer.again : choice.about}
        </span>
      </span>
    </button>
  );
}

/** Of the open contact. While a call is in hand its bar has the key, whatever contact is open below. */
export function TransferButton({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, actions } = useSignedIn();
  const [opened, setOpened] = useState(false);
  const toggle = (): void => setOpened((open) => !open);
  const onCall = useSelect(desk.work, currentCall) !== null;
  useActions(actions, onCall ? {} : { transfer: toggle });
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      shadow="lg"
      width={340}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconArrowForwardUp size={15} />}
          onClick={toggle}
          {...(onCall ? {} : { title: `${t.keys.actions.transfer} (T)` })}
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
