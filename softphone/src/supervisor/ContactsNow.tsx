import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { nameOf, stateOf } from '../desk/names.ts';
import { since } from '../desk/work.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { useStore } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';

/** What waits and what is being served, longest first. A click opens the contact with its timeline. */
export function ContactsNow() {
  const t = useText();
  const { router } = useServices();
  const { desk } = useSignedIn();
  const { interactions } = useStore(desk.work);
  const now = useNow();
  const order = { queued: 0, offered: 1, active: 2, wrapUp: 3 } as const;
  const rankOf = (state: string): number => (order as Readonly<Record<string, number>>)[state] ?? 9;
  const shown = Object.values(interactions)
    .filter((one) => rankOf(one.state) < 9)
    .sort((a, b) => rankOf(a.state) - rankOf(b.state) || since(a) - since(b));
  return (
    <div className="panel" style={{ marginTop: 14, maxHeight: 260, overflow: 'auto' }}>
      <table className="table">
        <thead>
          <tr>
            <th>{t.board.contacts}</th>
            <th>{t.board.state}</th>
            <th>{t.board.queue}</th>
            <th>{t.board.person}</th>
            <th className="r">{t.board.since}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr
              key={one.id}
              className="click"
              onClick={() => router.go(`/contatos/${encodeURIComponent(one.id)}`)}
            >
              <td>
                <a
                  className="row ring"
                  href={`/contatos/${encodeURIComponent(one.id)}`}
                  onClick={(event) => event.preventDefault()}
                  style={{ color: 'inherit', textDecoration: 'none' }}
                >
                  <ChannelIcon channel={one.channel} /> {nameOf(one)}
                  {one.subject === undefined ? null : <span className="clip dim3">{one.subject}</span>}
                </a>
              </td>
              <td>
                <span
                  className={`tag ${one.state === 'active' ? 'accent' : one.state === 'queued' ? 'warn' : ''}`}
                >
                  {stateOf(t, one)}
                </span>
              </td>
              <td>{one.queue ?? '—'}</td>
              <td>{one.agent?.name ?? '—'}</td>
              <td className="r">{clockSpan(now - since(one))}</td>
            </tr>
          ))}
          {shown.length === 0 ? (
            <tr>
              <td colSpan={5} className="dim">
                {t.board.noContacts}
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}
