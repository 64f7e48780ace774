import { Button, Select } from '@mantine/core';
import { IconDeviceTv, IconMinimize } from '@tabler/icons-react';
import { channel as channelSchema } from '../../../src/contracts/common.ts';
import type { Board } from '../../../src/contracts/realtime.ts';
import { useFormat, useServices, useSignedIn, useText } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';
import { boardPath, type BoardFilter } from './board-rows.ts';

export function BoardHead({ board, wall, filter }: { board: Board; wall: boolean; filter: BoardFilter }) {
  const t = useText();
  const format = useFormat();
  const { router } = useServices();
  const { live } = useSignedIn();
  const link = useStore(live.state);
  const failing = board.engines.filter((one) => !one.ok);
  return (
    <div className="row wrap" style={{ marginBottom: 10 }}>
      <h1 style={{ fontSize: 20, margin: 0 }}>{t.board.title}</h1>
      <span className={`dot ${link.kind === 'on' ? 'good' : 'bad'}`} aria-hidden="true" />
      <span className="dim num clip" role="status">
        {link.kind === 'on' ? t.board.at(format.time(board.at)) : t.board.notLive}
      </span>
      {failing.length === 0 ? null : (
        <span role="alert" style={{ minWidth: 0 }}>
          <a
            className="tag bad"
            href="#motores"
            style={{ textDecoration: 'none', maxWidth: '100%', whiteSpace: 'normal' }}
          >
            {t.board.failing(failing.map((one) => t.engines.names[one.name] ?? one.name).join(', '))}
          </a>
        </span>
      )}
      <span className="grow" />
      {wall ? null : <Filters board={board} filter={filter} />}
      <Button
        variant="default"
        leftSection={wall ? <IconMinimize size={15} /> : <IconDeviceTv size={15} />}
        onClick={() => router.go(wall ? '/painel' : '/painel/tv')}
      >
        {wall ? t.board.leaveWall : t.board.wall}
      </Button>
    </div>
  );
}

function Filters({ board, filter }: { board: Board; filter: BoardFilter }) {
  const t = useText();
  const { router } = useServices();
  const narrow = (change: Partial<BoardFilter>): void => router.replace(boardPath({ ...filter, ...change }));
  return (
    <>
      <Select
        aria-label={t.board.channel}
        style={{ width: 150 }}
        allowDeselect={false}
        data={[
          { value: '', label: t.board.allChannels },
          ...channelSchema.options.map((one) => ({ value: one, label: t.channels[one] })),
        ]}
        value={filter.channel ?? ''}
        onChange={(value) => narrow({ channel: channelSchema.safeParse(value).data ?? null })}
      />
      <Select
        aria-label={t.board.queue}
        style={{ width: 170 }}
        allowDeselect={false}
        data={[
          { value: '', label: t.board.allQueues },
          ...board.queues.map((one) => ({ value: one.key, label: one.name })),
        ]}
        value={filter.queue ?? ''}
        onChange={(value) => narrow({ queue: value === '' ? null : value })}
      />
    </>
  );
}
