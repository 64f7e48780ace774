import { Button } from '@mantine/core';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { WhoAndWhat } from '../desk/WhoAndWhat.tsx';
import { stateOf } from '../desk/names.ts';
import { since } from '../desk/work.ts';
import { queueName } from '../session/queues.ts';
import { useStore } from '../ui/store.ts';
import { Table } from '../ui/Table.tsx';
import { clockSpan, useNow } from '../ui/time.ts';
import { contactsOnBoard, type BoardFilter } from './board-rows.ts';

/** What waits and what is being served, calls first. A click or Enter opens the contact with its timeline. */
export function ContactsNow({ filter }: { filter: BoardFilter }) {
  const t = useText();
  const { router } = useServices();
  const { desk, queues: queueStore } = useSignedIn();
  const { interactions, moreWaiting } = useStore(desk.work);
  const queues = useStore(queueStore.list);
  const now = useNow();
  const shown = contactsOnBoard(Object.values(interactions), filter);
  return (
    <Table
      label={t.board.contacts}
      testId="contacts-now"
      className="panel scroll"
      empty={shown.length === 0 ? t.board.noContacts : undefined}
      heads={[t.board.contacts, t.board.state, t.board.queue, t.board.person, { right: t.board.since }]}
    >
      {shown.map((one) => (
        <tr
          key={one.id}
          className="click"
          onClick={() => router.go(`/contatos/${encodeURIComponent(one.id)}`)}
        >
          <td className="fill">
            <a
              className="row ring"
              href={`/contatos/${encodeURIComponent(one.id)}`}
              onClick={(event) => event.preventDefault()}
              style={{ color: 'inherit', textDecoration: 'none' }}
            >
              <WhoAndWhat one={one} />
            </a>
          </td>
          <td>
            <span
              className={`tag ${one.state === 'active' ? 'accent' : one.state === 'queued' ? 'warn' : ''}`}
            >
              {stateOf(t, one)}
            </span>
          </td>
          <td>{queueName(queues, one.queue)}</td>
          <td>{one.agent?.name ?? '—'}</td>
          <td className="r">{clockSpan(now - since(one))}</td>
        </tr>
      ))}
      {moreWaiting ? (
        <tr>
          <td colSpan={5}>
            <Button variant="subtle" onClick={() => void desk.loadWaiting()}>
              {t.desk.loadMore}
            </Button>
          </td>
        </tr>
      ) : null}
    </Table>
  );
}
