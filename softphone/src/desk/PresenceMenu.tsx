import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconCircleCheck, IconPlayerPause, IconPower } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import type { PresenceState } from '../../../src/contracts/realtime.ts';
import { useActions } from '../app/actions.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { listOf } from '../session/api.ts';
import { errorText } from '../ui/errors.ts';
import { runFor } from '../ui/result.ts';
import { useStore } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { doingOf } from './doing.ts';
import { chosenPauses, pauseBudgetMs, pauseLeftMs } from './pauses.ts';
import { pauseOf } from './presence-said.ts';
import type { Work } from './work.ts';

/** `GET /me/breaks`: what is left of the legal budget today. */
const breakUse = z.object({ reason: z.string(), leftMs: z.number().nullable() });

export function PresenceMenu() {
  const t = useText();
  const { desk, actions, result } = useSignedIn();
  const work = useStore(desk.work);
  const { presence } = work;
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
  const set = (state: PresenceState, reason?: string): void => {
    void runFor(result, desk.setPresence(state, reason), { refused: (error) => errorText(t, error) });
    // Whoever has chosen works on: the next Enter takes an offer, and opens no menu.
    document.getElementById('body')?.focus();
  };
  const state = presence?.state ?? 'offline';
  return (
    // The keyboard opens this menu too: Enter must find its first line, not a place before it.
    <Menu opened={opened} onChange={open} width={270} returnFocus={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className="pill ring" data-testid="presence" data-state={state}>
          <Pill work={work} now={now} />
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

/** What the person is busy with, whatever they have chosen to be. */
function Doing({ kind, state, ms }: { kind: 'onCall' | 'wrapUp'; state: PresenceState; ms: number }) {
  const t = useText();
  return (
    <>
      <span className="dot busy" aria-hidden="true" />
      <span>{kind === 'onCall' ? t.presence.onCall : t.states.wrapUp}</span>
      <span className="num dim" style={{ fontWeight: 500 }}>
        {clockSpan(ms)}
      </span>
      {state === 'available' ? null : <span className="tag warn">{t.presence[state]}</span>}
    </>
  );
}

/** What the person does now and for how long; a pause shows its legal budget beside it. */
function Pill({ work, now }: { work: Work; now: number }) {
  const t = useText();
  const { presence } = work;
  const state = presence?.state ?? 'offline';
  const doing = doingOf(work);
  const from = doing.since ?? now;
  if (doing.kind !== 'presence') return <Doing kind={doing.kind} state={state} ms={now - from} />;
  const left = state === 'paused' ? pauseLeftMs(presence?.reason, from, now) : null;
  const budget = state === 'paused' ? pauseBudgetMs(presence?.reason) : null;
  return (
    <>
      <span className={`dot ${dotOf(state)}`} aria-hidden="true" />
      <span>{state === 'paused' ? pauseOf(t, presence ?? {}) : t.presence[state]}</span>
      <span className={`num ${left !== null && left < 0 ? 'bad' : 'dim'}`} style={{ fontWeight: 500 }}>
        {clockSpan(now - from)}
        {budget === null ? '' : ` / ${clockSpan(budget)}`}
      </span>
    </>
  );
}

export function dotOf(state: PresenceState): string {
  return state === 'available' ? 'good' : state === 'paused' ? 'warn' : 'hollow';
}
