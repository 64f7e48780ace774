import { ActionIcon, Button, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconUserCog } from '@tabler/icons-react';
import { useState } from 'react';
import type { Board, PresenceView } from '../../../src/contracts/realtime.ts';
import { useServices, useText } from '../app/context.tsx';
import { dotOf } from '../desk/PresenceMenu.tsx';
import { pauseLeftMs } from '../desk/pauses.ts';
import { Link } from '../ui/Link.tsx';
import { attempt } from '../ui/errors.ts';
import { clockSpan, useNow } from '../ui/time.ts';

export function PeopleTable({ people, readOnly }: { people: Board['people']; readOnly: boolean }) {
  const t = useText();
  const now = useNow();
  const [forcing, setForcing] = useState<PresenceView | null>(null);
  const rank = { available: 0, paused: 1, offline: 2 } as const;
  const sorted = [...people].sort((a, b) => rank[a.state] - rank[b.state] || a.name.localeCompare(b.name));
  return (
    <div className="panel" style={{ overflowX: 'auto' }}>
      <table className="table">
        <thead>
          <tr>
            <th>{t.board.person}</th>
            <th>{t.board.state}</th>
            <th className="r">{t.board.since}</th>
            <th>{t.board.work}</th>
            <th className="r">{t.board.text}</th>
            <th>{t.board.softphone}</th>
            {readOnly ? null : <th />}
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => {
            const since = Date.parse(one.since);
            const left = one.state === 'paused' ? pauseLeftMs(one.reason, since, now) : null;
            return (
              <tr key={one.agentId}>
                <td>
                  <strong>{one.name}</strong>
                </td>
                <td>
                  <span className="row">
                    <span className={`dot ${dotOf(one.state)}`} aria-hidden="true" />
                    {one.load.voice
                      ? t.presence.onCall
                      : one.state === 'paused'
                        ? t.presence.pause(one.reason)
                        : t.presence[one.state]}
                  </span>
                </td>
                <td className={`r ${left !== null && left < 0 ? 'bad' : ''}`}>{clockSpan(now - since)}</td>
                <td>
                  <span className="row tight">
                    {one.work.map((id, index) => (
                      <Link
                        key={id}
                        to={`/contatos/${encodeURIComponent(id)}`}
                        className="tag accent"
                        style={{ textDecoration: 'none' }}
                      >
                        {index + 1}
                      </Link>
                    ))}
                    {one.work.length === 0 ? <span className="dim3">—</span> : null}
                  </span>
                </td>
                <td className="r">{one.load.text}%</td>
                <td className={one.softphone ? 'dim' : 'dim3'}>
                  {one.softphone ? t.board.registered : t.board.notRegistered}
                </td>
                {readOnly ? null : (
                  <td className="r">
                    <ActionIcon
                      size="sm"
                      color="slate"
                      aria-label={t.board.force(one.name)}
                      onClick={() => setForcing(one)}
                    >
                      <IconUserCog size={16} />
                    </ActionIcon>
                  </td>
                )}
              </tr>
            );
          })}
          {people.length === 0 ? (
            <tr>
              <td colSpan={7} className="dim">
                {t.board.noPeople}
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
      {forcing ? <ForceDialog person={forcing} onClose={() => setForcing(null)} /> : null}
    </div>
  );
}

function ForceDialog({ person, onClose }: { person: PresenceView; onClose: () => void }) {
  const t = useText();
  const { api } = useServices();
  const [state, setState] = useState<'paused' | 'offline'>('paused');
  const [reason, setReason] = useState('');
  const save = async (): Promise<void> => {
    const doing = api.put(`/api/v1/agents/${encodeURIComponent(person.agentId)}/presence`, {
      state,
      reason: reason.trim(),
    });
    if (!(await attempt(t, doing))) return;
    notifications.show({ color: 'teal', message: t.board.forced });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t.board.force(person.name)} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="sm">
          <SegmentedControl
            value={state}
            onChange={(value) => setState(value === 'offline' ? 'offline' : 'paused')}
            data={[
              { value: 'paused', label: t.board.forcePause },
              { value: 'offline', label: t.board.forceOffline },
            ]}
          />
          <TextInput
            label={t.board.forceWhy}
            description={t.board.forceHint}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            minLength={3}
            maxLength={200}
            data-autofocus
          />
          <Button type="submit" size="sm" disabled={reason.trim().length < 3}>
            {t.common.save}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
