import { Button } from '@mantine/core';
import { IconDeviceTv, IconMinimize } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Board } from '../../../src/contracts/realtime.ts';
import { useFormat, useServices, useSignedIn, useText } from '../app/context.tsx';
import { MissedPanel } from '../desk/MissedCalls.tsx';
import { Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { useLoad } from '../ui/useLoad.ts';
import { boardSchema, liveBoard, liveDelta, peopleOfFloor, type LiveBoard } from './board-store.ts';
import { ContactsNow } from './ContactsNow.tsx';
import { EnginesAndTrunks } from './EnginesAndTrunks.tsx';
import { PeopleTable } from './PeopleTable.tsx';
import { QueueTiles } from './QueueTiles.tsx';

/** Live without reload: a snapshot, then deltas. The TV shows the same, larger and without the frame. */
export function BoardPage({ wall }: { wall: boolean }) {
  const { api } = useServices();
  const { live } = useSignedIn();
  const { state, reload } = useLoad('board', () => api.get('/api/v1/board', boardSchema));
  const [board, setBoard] = useState<LiveBoard | null>(null);
  useEffect(() => {
    if (state.kind === 'ready') setBoard(liveBoard(state.data, Date.now()));
  }, [state]);
  useEffect(() => {
    live.watchBoard(true);
    const release = [
      live.on('board', (delta) => setBoard((now) => (now ? liveDelta(now, delta, Date.now()) : now))),
      live.on('resync', reload),
    ];
    return () => {
      live.watchBoard(false);
      for (const one of release) one();
    };
  }, [live, reload]);
  if (!board) return state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : <Waiting />;
  return (
    <div className={`page${wall ? ' wall' : ''}`} data-testid="board">
      <BoardHead board={board} wall={wall} />
      <QueueTiles queues={board.queues} readAt={board.readAt} />
      {wall ? null : <MissedPanel />}
      {wall ? null : <ContactsNow />}
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'minmax(0, 2fr) minmax(240px, 1fr)',
          gap: 14,
          marginTop: 14,
          alignItems: 'start',
        }}
      >
        <PeopleTable people={peopleOfFloor(board.people)} readOnly={wall} />
        <EnginesAndTrunks board={board} />
      </div>
    </div>
  );
}

function BoardHead({ board, wall }: { board: Board; wall: boolean }) {
  const t = useText();
  const format = useFormat();
  const { router } = useServices();
  const { live } = useSignedIn();
  const link = useStore(live.state);
  return (
    <div className="row" style={{ marginBottom: 12 }}>
      <h1 style={{ fontSize: 20, margin: 0 }}>{t.board.title}</h1>
      <span className={`dot ${link.kind === 'on' ? 'good' : 'bad'}`} aria-hidden="true" />
      <span className="dim num" role="status">
        {link.kind === 'on' ? t.board.at(format.time(board.at)) : t.board.notLive}
      </span>
      <span className="grow" />
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
