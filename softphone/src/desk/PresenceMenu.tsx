import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconCircleCheck, IconPlayerPause, IconPower } from '@tabler/icons-react';
import { useState } from 'react';
import type { PresenceState } from '../../../src/contracts/realtime.ts';
import { useActions } from '../app/actions.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { attempt } from '../ui/errors.ts';
import { useSelect } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { chosenPauses, pauseBudgetMs, pauseLeftMs } from './pauses.ts';
import type { Work } from './work.ts';

const presenceOf = (work: Work): Work['presence'] => work.presence;

export function PresenceMenu() {
  const t = useText();
  const { desk, actions } = useSignedIn();
  const presence = useSelect(desk.work, presenceOf);
  const now = useNow();
  const [opened, setOpened] = useState(false);
  useActions(actions, { presence: () => setOpened((open) => !open) });
  const set = (state: PresenceState, reason?: string): void =>
    void attempt(t, desk.setPresence(state, reason));
  const state = presence?.state ?? 'offline';
  const since = presence ? Date.parse(presence.since) : now;
  const left = state === 'paused' ? pauseLeftMs(presence?.reason, since, now) : null;
  const budget = pauseBudgetMs(presence?.reason);
  return (
    <Menu opened={opened} onChange={setOpened} width={270}>
      <Menu.Target>
        <UnstyledButton className="pill ring" data-testid="presence" data-state={state}>
          <span className={`dot ${dotOf(state)}`} aria-hidden="true" />
          <span>{state === 'paused' ? t.presence.pause(presence?.reason) : t.presence[state]}</span>
          <span className={`num ${left !== null && left < 0 ? 'bad' : 'dim'}`} style={{ fontWeight: 500 }}>
            {clockSpan(now - since)}
            {budget === null || state !== 'paused' ? '' : ` / ${clockSpan(budget)}`}
          </span>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCircleCheck size={16} className="good" />}
          onClick={() => set('available')}
        >
          {t.presence.available}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.presence.pauses}</Menu.Label>
        {chosenPauses.map((reason) => {
          const ms = pauseBudgetMs(reason);
          return (
            <Menu.Item
              key={reason}
              leftSection={<IconPlayerPause size={16} className="warn" />}
              rightSection={ms === null ? null : <span className="dim3 num">{ms / 60_000} min</span>}
              onClick={() => set('paused', reason)}
            >
              {t.presence.pause(reason)}
            </Menu.Item>
          );
        })}
        <Menu.Divider />
        <Menu.Item leftSection={<IconPower size={16} />} onClick={() => set('offline')}>
          {t.presence.goOffline}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function dotOf(state: PresenceState): string {
  return state === 'available' ? 'good' : state === 'paused' ? 'warn' : 'hollow';
}
