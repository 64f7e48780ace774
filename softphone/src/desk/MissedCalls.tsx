import { Button } from '@mantine/core';
import { IconPhoneCall } from '@tabler/icons-react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useFormat, useServices, useSignedIn, useText } from '../app/context.tsx';
import { callingFor, queueName } from '../session/queues.ts';
import { useDone } from '../ui/Done.tsx';
import { Link } from '../ui/Link.tsx';
import { useSelect, useStore } from '../ui/store.ts';
import { Table } from '../ui/Table.tsx';
import { isCallable, isDone, MISSED_DAYS, type FollowUp, type MissedCall } from './missed.ts';
import { currentCall } from './work.ts';
import { nameOf } from './names.ts';

/** In the desk's column: only what is still owed. */
export function MissedColumn() {
  const t = useText();
  const calls = useStore(useSignedIn().missed.calls).filter((one) => !isDone(one));
  if (calls.length === 0) return null;
  return (
    <section aria-label={t.lost.title} data-testid="missed">
      <h2 className="label" style={{ padding: '18px 4px 6px' }}>
        {t.lost.title} · <span className="num bad">{calls.length}</span>
      </h2>
      {calls.map((one) => (
        <div key={one.contact.id} data-row style={{ padding: '4px 6px' }} data-testid="missed-call">
          <div className="row">
            <ContactLink contact={one.contact} />
            <LostAt contact={one.contact} />
          </div>
          {one.followUp.kind === 'open' && isCallable(one.contact) ? null : (
            <div className="dim" style={{ fontSize: 12 }}>
              <FollowUpText missed={one} />
            </div>
          )}
          <div className="row wrap" style={{ marginTop: 2 }}>
            <span className="clip grow dim3" style={{ fontSize: 12 }}>
              <QueueName of={one.contact.queue} />
            </span>
            <CallBack missed={one} />
          </div>
        </div>
      ))}
    </section>
  );
}

/** On the board: what is owed and what was done about the rest. */
export function MissedPanel() {
  const t = useText();
  const calls = useStore(useSignedIn().missed.calls);
  if (calls.length === 0) return null;
  const done = calls.filter(isDone).length;
  const open = calls.length - done;
  return (
    <section className="panel" style={{ marginTop: 14 }} aria-label={t.lost.title} data-testid="missed">
      <div className="row" style={{ padding: '10px 12px 4px' }}>
        <h2 style={{ fontSize: 14, margin: 0 }}>{t.lost.title}</h2>
        <span className={`tag ${open > 0 ? 'bad' : ''}`}>{t.lost.open(open)}</span>
        {done > 0 ? <span className="tag">{t.lost.done(done)}</span> : null}
        <span className="grow" />
        <span className="dim3">{t.lost.shown(MISSED_DAYS)}</span>
      </div>
      <Table
        label={t.lost.title}
        className=""
        style={{ maxHeight: 220 }}
        heads={[t.lost.who, t.lost.when, t.lost.why, t.board.queue, t.lost.state, t.admin.actions]}
      >
        {calls.map((one) => (
          <MissedRow key={one.contact.id} missed={one} />
        ))}
      </Table>
    </section>
  );
}

function MissedRow({ missed }: { missed: MissedCall }) {
  const t = useText();
  const { contact } = missed;
  return (
    <tr data-testid="missed-call" className={isDone(missed) ? 'dim' : ''}>
      <td>
        <ContactLink contact={contact} />
      </td>
      <td>
        <LostAt contact={contact} />
      </td>
      <td>{t.lost.causes[contact.endCause ?? ''] ?? '—'}</td>
      <td>
        <QueueName of={contact.queue} />
      </td>
      <td>
        <FollowUpText missed={missed} />
      </td>
      <td className="r">
        <CallBack missed={missed} />
      </td>
    </tr>
  );
}

function ContactLink({ contact }: { contact: InteractionView }) {
  const t = useText();
  return (
    <Link
      to={`/contatos/${encodeURIComponent(contact.id)}`}
      className="clip grow"
      style={{ color: 'inherit', textDecoration: 'none', fontWeight: 600 }}
    >
      {nameOf(t, contact)}
    </Link>
  );
}

function QueueName({ of }: { of: string | null }) {
  return <>{queueName(useStore(useSignedIn().queues.list), of)}</>;
}

function LostAt({ contact }: { contact: InteractionView }) {
  const format = useFormat();
  const at = contact.timestamps.closedAt ?? contact.timestamps.arrivedAt;
  return (
    <time className="num dim" dateTime={at}>
      {format.dateTime(at)}
    </time>
  );
}

function FollowUpText({ missed }: { missed: MissedCall }) {
  const t = useText();
  const format = useFormat();
  const { followUp, contact } = missed;
  const say = (one: FollowUp): string => {
    switch (one.kind) {
      case 'open':
        return isCallable(contact) ? t.lost.task : t.lost.noNumber;
      case 'withNow':
        return t.lost.withNow(one.who ?? t.lost.somebody);
      case 'tried':
        return t.lost.tried(one.who ?? t.lost.somebody, format.dateTime(one.at));
      case 'calledBack':
        return t.lost.calledBack(one.who ?? t.lost.somebody, format.dateTime(one.at));
      case 'cameBack':
        return t.lost.cameBack(format.dateTime(one.at));
    }
  };
  return <>{say(followUp)}</>;
}

/** Under the queue of the lost call: so its other operators see that somebody calls. */
function CallBack({ missed }: { missed: MissedCall }) {
  const t = useText();
  const { router } = useServices();
  const { desk, user } = useSignedIn();
  const busy = useSelect(desk.work, currentCall) !== null;
  const done = useDone();
  const { contact, followUp } = missed;
  if (isDone(missed) || followUp.kind === 'withNow' || !isCallable(contact)) return null;
  const call = async (): Promise<void> => {
    if (await done.run(t, desk.call(contact.contact.address, callingFor(user, contact.queue))))
      router.go('/');
  };
  return (
    <>
      {done.note}
      <Button
        size="compact-xs"
        variant="light"
        leftSection={<IconPhoneCall size={13} />}
        disabled={busy}
        aria-label={t.lost.callTo(nameOf(t, contact))}
        onClick={() => void call()}
      >
        {t.lost.call}
      </Button>
    </>
  );
}
