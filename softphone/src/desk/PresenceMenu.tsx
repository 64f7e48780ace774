import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconCircleCheck, IconPlayerPause, IconPower } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import type { PresenceState } from '../../../src/contracts/realtime.ts';
import { useActions } from '../app/actions.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { listOf } from '../session/api.ts';
import { attempt } from '../ui/errors.ts';
import { useSelect } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { chosenPauses, pauseBudgetMs, pauseLeftMs } from './pauses.ts';
import type { Work } from './work.ts';

/** `GET /me/breaks`: what is left of the legal budget today. */
const breakUse = z.object({ reason: z.string(), leftMs: z.number().nullable() });

const presenceOf = (work: Work): Work['presence'] => work.presence;

export function PresenceMenu() {
  const t = useText();
  const { desk, actions } = useSignedIn();
  const presence = useSelect(desk.work, presenceOf);
  const now = useNow();
  const [opened, setOpened] = useState(false);
  useActions(actions, { presence: () => open(!opened) });
  const { api } = useServices();
  const [left, setLeft] = useState<Readonly<Record<string, number | null>>>({});
  const open = (next: boolean): void => {
    setOpened(next);
    if (!next) return;
    api
      .get('/api/v1/me/breaks', listOf(breakUse))
      .then(({ items }) => setLeft(Object.fromEntries(items.map((one) => [one.reason, one.leftMs]))))
      .catch(() => undefined);
  };
  const set = (state: PresenceState, reason?: string): void =>
    void attempt(t, desk.setPresence(state, reason));
  const state = presence?.state ?? 'offline';
  const since = presence ? Date.parse(presence.since) : now;
  const pauseLeft = state === 'paused' ? pauseLeftMs(presence?.reason, since, now) : null;
  const budget = pauseBudgetMs(presence?.reason);
  return (
    // The keyboard opens this menu too: Enter must find its first line, not a place before it.
    <Menu opened={opened} onChange={open} width={270} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className="pill ring" data-testid="presence" data-state={state}>
          <span className={`dot ${dotOf(state)}`} aria-hidden="true" />
          <span>{state === 'paused' ? t.presence.pause(presence?.reason) : t.presence[state]}</span>
          <span
            className={`num ${pauseLeft !== null && pauseLeft < 0 ? 'bad' : 'dim'}`}
            style={{ fontWeight: 500 }}
          >
            {clockSpan(now - since)}
            {budget === null || state !== 'paused' ? '' : ` / ${clockSpan(budget)}`}
          </span>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          data-autofocus
          leftSection={<IconCircleCheck size={16} className="good" />}
          onClick={() => set('available')}
        >
          {t.presence.available}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.presence.pauses}</Menu.Label>
        {chosenPauses.map((reason) => {
          const ms = left[reason] ?? pauseBudgetMs(reason);
          return (
            <Menu.Item
              key={reason}
              leftSection={<IconPlayerPause size={16} className="warn" />}
              rightSection={
                ms === null ? null : (
                  <span className="dim3 num">{t.presence.left(Math.max(0, Math.round(ms / 60_000)))}</span>
                )
              }
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
