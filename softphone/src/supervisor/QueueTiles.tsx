import type { Channel } from '../../../src/contracts/common.ts';
import type { Board, ChannelLive } from '../../../src/contracts/realtime.ts';
import { useFormat, useText } from '../app/context.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { clockSpan, shortSpan, useNow } from '../ui/time.ts';
import { channelsOf, levelTone, queueNow, queueTone, waitTone, type Tone } from './board-store.ts';

interface Props {
  queues: Board['queues'];
  /** Only this channel; null: all. */
  channel: Channel | null;
  /** When each queue's figures came, by this page's clock. */
  readAt: Readonly<Record<string, number>>;
}

/** So many queues stand in one row of a window of 1093 px; more of them are shown shorter there. */
const ONE_ROW = 5;

export function QueueTiles({ queues, channel, readAt }: Props) {
  const t = useText();
  const now = useNow();
  if (queues.length === 0) return <p className="dim">{t.board.noQueues}</p>;
  const many = queues.length > ONE_ROW;
  return (
    <div
      className={many ? 'tiles many' : 'tiles'}
      {...(many ? { role: 'region', 'aria-label': t.board.queues, tabIndex: 0 } : {})}
    >
      {queues.map((one) => (
        <QueueTile key={one.key} one={queueNow(one, readAt[one.key] ?? now, now)} channel={channel} />
      ))}
    </div>
  );
}

function QueueTile({ one, channel }: { one: Board['queues'][number]; channel: Channel | null }) {
  const t = useText();
  const tone = queueTone(one);
  const lines = channelsOf(one).filter((line) => channel === null || line.channel === channel);
  return (
    <section
      className={`panel tile ${tone}`}
      aria-label={`${t.board.queue} ${one.name}`}
      data-testid={`queue-${one.key}`}
      data-tone={tone}
    >
      <h2 className="clip" style={{ fontSize: 14, margin: 0 }}>
        {one.name}
      </h2>
      <table className="lines">
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">{t.board.channel}</span>
            </th>
            <th>{t.board.waiting}</th>
            <th>{t.board.longest}</th>
            <th>{t.board.free}</th>
            <th>{t.board.inTime}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <ChannelLine key={line.channel} line={line} />
          ))}
        </tbody>
      </table>
      {(one.nobodyFor ?? 0) > 0 && (
        <div className="bad" role="alert" data-testid="nobodyFor">
          {t.board.nobodyFor(one.nobodyFor ?? 0, one.nobodyHas ?? [])}
        </div>
      )}
      <QueueFacts one={one} lines={lines} />
    </section>
  );
}

const classOf = (tone: Tone): string => (tone === 'bad' || tone === 'warn' ? tone : '');

function ChannelLine({ line }: { line: ChannelLive }) {
  const t = useText();
  const format = useFormat();
  const { formula, thresholdMs, value } = line.serviceLevel;
  return (
    <tr data-testid={`line-${line.channel}`}>
      <th scope="row">
        <ChannelIcon channel={line.channel} size={15} />
      </th>
      <td className={line.waiting === 0 ? 'dim3' : ''}>
        <b>{line.waiting}</b>
      </td>
      <td className={line.waiting === 0 ? 'dim3' : classOf(waitTone(line))} data-testid="longest">
        {line.waiting === 0 ? '—' : clockSpan(line.longestWaitMs)}
      </td>
      <td className={line.free === 0 && line.waiting > 0 ? 'bad' : line.free === 0 ? 'dim3' : ''}>
        {line.free}
      </td>
      <td
        className={value === null ? 'dim3' : classOf(levelTone(line))}
        title={value === null ? t.board.nothingYet : t.board.formula(formula, shortSpan(thresholdMs))}
        data-testid="level"
      >
        {value === null ? (
          <>
            <span aria-hidden="true">—</span>
            <span className="visually-hidden">{t.board.nothingYet}</span>
          </>
        ) : (
          format.percent(value)
        )}
      </td>
    </tr>
  );
}

/** The day in figures, and what a newcomer would wait. */
function QueueFacts({ one, lines }: { one: Board['queues'][number]; lines: readonly ChannelLive[] }) {
  const t = useText();
  const waits = lines.filter(({ estimatedWaitMs }) => estimatedWaitMs !== null && estimatedWaitMs > 0);
  const day = lines.reduce(
    (sum, { answeredToday, abandonedToday }) => ({
      answered: sum.answered + answeredToday,
      abandoned: sum.abandoned + abandonedToday,
    }),
    { answered: 0, abandoned: 0 },
  );
  return (
    <div className="dim facts" style={{ fontSize: 12, lineHeight: 1.5 }}>
      <div>{t.board.now(one.active, one.offered, one.agentsPaused)}</div>
      <div>{t.board.today(day.answered, day.abandoned)}</div>
      {waits.length === 0 ? null : (
        <div className="row tight">
          {t.board.estimated}
          {waits.map(({ channel, estimatedWaitMs }) => (
            <span key={channel} className="row tight num" style={{ gap: 2 }}>
              <ChannelIcon channel={channel} size={13} /> {clockSpan(estimatedWaitMs ?? 0)}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
