import type { InteractionView } from '../../../src/contracts/interaction.ts';
import type { Board, PresenceView } from '../../../src/contracts/realtime.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { nameOf } from '../desk/names.ts';
import { dotOf } from '../desk/PresenceMenu.tsx';
import { pauseLeftMs } from '../desk/pauses.ts';
import { presenceOfOther } from '../desk/presence-said.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Link } from '../ui/Link.tsx';
import { useStore } from '../ui/store.ts';
import { Table } from '../ui/Table.tsx';
import { clockSpan, useNow } from '../ui/time.ts';
import { doingOfPerson, phoneOf, type PersonDoing } from './board-rows.ts';
import { Force } from './Force.tsx';

export function PeopleTable({ people, readOnly }: { people: Board['people']; readOnly: boolean }) {
  const t = useText();
  const now = useNow();
  const { desk } = useSignedIn();
  const { interactions } = useStore(desk.work);
  const rank = { available: 0, paused: 1, offline: 2 } as const;
  const sorted = [...people].sort((a, b) => rank[a.state] - rank[b.state] || a.name.localeCompare(b.name));
  return (
    <Table
      label={t.board.people}
      testId="people-now"
      className="panel scroll"
      empty={people.length === 0 ? t.board.noPeople : undefined}
      heads={[
        t.board.person,
        t.board.state,
        { right: t.board.since },
        t.board.work,
        { right: t.board.text },
        t.board.softphone,
        ...(readOnly ? [] : [{ acts: t.admin.actions }]),
      ]}
    >
      {sorted.map((one) => {
        const doing = doingOfPerson(one, interactions);
        const left = one.state === 'paused' ? pauseLeftMs(one.reason, Date.parse(one.since), now) : null;
        return (
          <tr key={one.agentId}>
            <td>
              <strong>{one.name}</strong>
            </td>
            <td>
              <StateNow person={one} doing={doing} />
            </td>
            <td className={`r ${left !== null && left < 0 ? 'bad' : ''}`}>
              {doing.since === null ? '—' : clockSpan(now - doing.since)}
            </td>
            <td>
              <span className="row tight wrap">
                {one.work.map((id) => (
                  <InHand key={id} id={id} contact={interactions[id]} />
                ))}
                {one.work.length === 0 ? <span className="dim3">—</span> : null}
              </span>
            </td>
            <td className="r">{one.load.text}%</td>
            <td className={one.softphone || one.state === 'offline' ? 'dim3' : 'bad'}>
              {t.board[phoneOf(one)]}
            </td>
            {readOnly ? null : (
              <td className="acts">
                <Force person={one} />
              </td>
            )}
          </tr>
        );
      })}
    </Table>
  );
}

/** A call says more than the presence behind it; a state that the person did not choose says whose it is. */
function StateNow({ person, doing: { kind } }: { person: PresenceView; doing: PersonDoing }) {
  const t = useText();
  const { state, why } = presenceOfOther(t, person);
  const isOther = kind !== 'presence';
  return (
    <span className="row">
      <span className={`dot ${dotOf(person.state)}`} aria-hidden="true" />
      <span>
        {isOther ? (kind === 'onCall' ? t.presence.onCall : t.board[kind]) : state}
        {isOther || why === null ? null : <span className="dim3 cause">{why}</span>}
      </span>
    </span>
  );
}

/** Whom the person serves; by the channel alone where this supervisor may not know who it is. */
function InHand({ id, contact }: { id: string; contact: InteractionView | undefined }) {
  const t = useText();
  const name = contact ? nameOf(t, contact) : t.board.contact;
  return (
    <Link
      to={`/contatos/${encodeURIComponent(id)}`}
      className="tag accent row tight"
      style={{ textDecoration: 'none', maxWidth: 130 }}
      title={name}
    >
      {contact ? <ChannelIcon channel={contact.channel} size={13} /> : null}
      <span className="clip">{name.split(' ')[0]}</span>
    </Link>
  );
}
