import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { queueName } from '../session/queues.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { useStore } from '../ui/store.ts';
import { clockSpan, shortSpan, useNow } from '../ui/time.ts';
import { MissedColumn } from './MissedCalls.tsx';
import { UnsentList } from './Unsent.tsx';
import { WaitingList } from './WaitingList.tsx';
import { nameOf, subjectOf } from './names.ts';
import { useSettled } from './settled.ts';
import { myWork, since, type Unread, type Work } from './work.ts';

/** At most 8 cards are in hand by the capacity rules; the list would scroll, it is never cut. */
export function WorkColumn({ work }: { work: Work }) {
  const t = useText();
  const { desk } = useSignedIn();
  const now = useNow();
  const { shown, ...pointer } = useSettled(myWork(work));
  return (
    <>
      <UnsentList work={work} />
      <h2 className="label" style={{ padding: '2px 4px 6px' }}>
        {t.desk.myWork} · <span className="num">{shown.length}</span>
      </h2>
      {shown.length === 0 ? (
        <p className="dim3" style={{ margin: '0 4px 12px' }}>
          {t.desk.noWork}
        </p>
      ) : null}
      <div {...pointer}>
        {shown.map((one) => (
          <WorkCard
            key={one.id}
            one={one}
            now={now}
            unread={work.unread[one.id]}
            current={work.selected === one.id}
            onOpen={() => desk.open(one.id)}
          />
        ))}
      </div>
      <MissedColumn />
      <WaitingList work={work} now={now} />
    </>
  );
}

interface CardProps {
  one: InteractionView;
  now: number;
  unread: Unread | undefined;
  current: boolean;
  onOpen: () => void;
}

function WorkCard({ one, now, unread, current, onOpen }: CardProps) {
  const t = useText();
  const queues = useStore(useSignedIn().queues.list);
  const about =
    subjectOf(one) ?? (one.queue === null ? t.channels[one.channel] : queueName(queues, one.queue));
  return (
    <button
      type="button"
      className={`plain card${unread ? ' unread' : ''}`}
      aria-current={current}
      onClick={onOpen}
      data-testid="work-card"
    >
      <span className="row top-line">
        <ChannelIcon channel={one.channel} />
        <strong className="two-lines grow" title={nameOf(t, one)}>
          {nameOf(t, one)}
        </strong>
        {unread ? (
          <span className="badge num" role="status" aria-label={t.desk.unread(unread.count)}>
            {unread.count}
          </span>
        ) : null}
        <CardTime one={one} now={now} unread={unread} />
      </span>
      {unread && unread.words !== '' ? (
        <span className="clip words" title={unread.words}>
          {unread.words}
        </span>
      ) : null}
      <span className="row dim3" style={{ marginTop: 2, fontSize: 12 }}>
        <span className="clip grow">{about}</span>
        {one.state === 'wrapUp' ? <span className="tag warn">{t.states.wrapUp}</span> : null}
        {one.onHold === true ? <span className="tag warn">{t.call.onHold}</span> : null}
        {unread?.failed === true ? <span className="tag bad">{t.desk.replyFailed}</span> : null}
        {one.waitingForCustomer === true && unread?.failed !== true ? (
          <span className="tag">{t.desk.waitsForCustomer}</span>
        ) : null}
      </span>
    </button>
  );
}

/** What the moment asks: what is left of a wrap-up, how long a call lasts, how long somebody waits for an answer. */
function CardTime({ one, now, unread }: Pick<CardProps, 'one' | 'now' | 'unread'>) {
  if (one.state === 'wrapUp' && one.deadline !== undefined)
    return <span className="num warn">{clockSpan(Date.parse(one.deadline) - now)}</span>;
  if (one.channel === 'voice') return <span className="num dim">{clockSpan(now - since(one))}</span>;
  return <span className="num dim">{shortSpan(now - (unread?.since ?? since(one)))}</span>;
}
