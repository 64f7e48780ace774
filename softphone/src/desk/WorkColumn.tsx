import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { clockSpan, shortSpan, useNow } from '../ui/time.ts';
import { MissedColumn } from './MissedCalls.tsx';
import { nameOf } from './names.ts';
import { myWork, since, waitingWork, type Work } from './work.ts';

/** At most 8 cards are in hand by the capacity rules; the list would scroll, it is never cut. */
export function WorkColumn({ work }: { work: Work }) {
  const t = useText();
  const { desk } = useSignedIn();
  const now = useNow();
  const mine = myWork(work);
  const waiting = waitingWork(work);
  return (
    <>
      <h2 className="label" style={{ padding: '2px 4px 6px' }}>
        {t.desk.myWork} · <span className="num">{mine.length}</span>
      </h2>
      {mine.length === 0 ? (
        <p className="dim3" style={{ margin: '0 4px 12px' }}>
          {t.desk.noWork}
        </p>
      ) : null}
      {mine.map((one) => (
        <WorkCard
          key={one.id}
          one={one}
          now={now}
          current={work.selected === one.id}
          onOpen={() => desk.open(one.id)}
        />
      ))}
      <MissedColumn />
      <h2 className="label" style={{ padding: '18px 4px 6px' }}>
        {t.desk.waiting} · <span className="num">{waiting.length}</span>
      </h2>
      {waiting.length === 0 ? (
        <p className="dim3" style={{ margin: '0 4px' }}>
          {t.desk.noWaiting}
        </p>
      ) : null}
      {waiting.slice(0, 30).map((one) => (
        <WaitingLine key={one.id} one={one} now={now} />
      ))}
      {waiting.length > 30 ? (
        <p className="dim3" style={{ margin: '4px 6px' }}>
          {t.desk.more(waiting.length - 30)}
        </p>
      ) : null}
    </>
  );
}

/** Mails of one sender differ by their subject only. */
function WaitingLine({ one, now }: { one: InteractionView; now: number }) {
  const waited = now - since(one);
  return (
    <div style={{ padding: '4px 6px' }} data-testid="waiting-line">
      <div className="row">
        <ChannelIcon channel={one.channel} />
        <span className="clip grow">{nameOf(one)}</span>
        <span className="dim3">{one.queue}</span>
        <span className={`num ${waited > 60_000 ? 'warn' : 'dim'}`}>{shortSpan(waited)}</span>
      </div>
      {one.subject === undefined ? null : (
        <div className="clip dim3" style={{ fontSize: 12, paddingLeft: 24 }} title={one.subject}>
          {one.subject}
        </div>
      )}
    </div>
  );
}

function WorkCard({
  one,
  now,
  current,
  onOpen,
}: {
  one: InteractionView;
  now: number;
  current: boolean;
  onOpen: () => void;
}) {
  const t = useText();
  const closing = one.state === 'wrapUp';
  const left = one.deadline === undefined ? null : Date.parse(one.deadline) - now;
  const spent = now - since(one);
  return (
    <button
      type="button"
      className="plain card"
      aria-current={current}
      onClick={onOpen}
      data-testid="work-card"
    >
      <span className="row">
        <ChannelIcon channel={one.channel} />
        <strong className="clip grow">{nameOf(one)}</strong>
        <span className={`num ${closing ? 'warn' : 'dim'}`}>
          {closing && left !== null
            ? clockSpan(left)
            : one.channel === 'voice'
              ? clockSpan(spent)
              : shortSpan(spent)}
        </span>
      </span>
      <span className="row dim3" style={{ marginTop: 2, fontSize: 12 }}>
        <span className="clip grow">{one.subject ?? one.queue ?? t.channels[one.channel]}</span>
        {closing ? <span className="tag warn">{t.states.wrapUp}</span> : null}
        {one.onHold === true ? <span className="tag warn">{t.call.onHold}</span> : null}
        {one.waitingForCustomer === true ? <span className="tag">{t.desk.waitsForCustomer}</span> : null}
      </span>
    </button>
  );
}

export { nameOf } from './names.ts';
