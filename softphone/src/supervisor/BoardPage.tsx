import { useEffect, useState } from 'react';
import { useServices, useSignedIn } from '../app/context.tsx';
import { MissedPanel } from '../desk/MissedCalls.tsx';
import { Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { useLoad } from '../ui/useLoad.ts';
import { BoardHead } from './BoardHead.tsx';
import { boardFilterIn } from './board-rows.ts';
import { boardSchema, liveBoard, liveDelta, peopleOfFloor, type LiveBoard } from './board-store.ts';
import { ContactsNow } from './ContactsNow.tsx';
import { EnginesAndTrunks } from './EnginesAndTrunks.tsx';
import { PeopleTable } from './PeopleTable.tsx';
import { QueueTiles } from './QueueTiles.tsx';

/** Live without reload: a snapshot, then deltas. The TV shows the same, larger and without the frame. */
export function BoardPage({ wall }: { wall: boolean }) {
  const { api, router } = useServices();
  const { live } = useSignedIn();
  const { state, reload } = useLoad('board', () => api.get('/api/v1/board', boardSchema));
  const [board, setBoard] = useState<LiveBoard | null>(null);
  const filter = boardFilterIn(useStore(router.place).query);
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
  const { channel, queue } = filter;
  const queues = board.queues.filter((one) => queue === null || one.key === queue);
  const people = peopleOfFloor(board.people).filter((one) => queue === null || one.queues.includes(queue));
  return (
    <div className={`page${wall ? ' wall' : ''}`} data-testid="board">
      <BoardHead board={board} wall={wall} filter={filter} />
      <QueueTiles queues={queues} channel={channel} readAt={board.readAt} />
      <div className="board-now">
        <PeopleTable people={people} readOnly={wall} />
        {wall ? <EnginesAndTrunks board={board} /> : <ContactsNow filter={filter} />}
      </div>
      {wall ? null : <MissedPanel />}
      {wall ? null : <EnginesAndTrunks board={board} />}
    </div>
  );
}
