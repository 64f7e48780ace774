import type { Board } from '../../../src/contracts/realtime.ts';
import { useFormat, useText } from '../app/context.tsx';
import { clockSpan, useNow } from '../ui/time.ts';
import { queueNow, queueTone, waitTone } from './board-store.ts';

interface Props {
  queues: Board['queues'];
  /** When each queue's figures came, by this page's clock. */
  readAt: Readonly<Record<string, number>>;
}

export function QueueTiles({ queues, readAt }: Props) {
  const t = useText();
  const now = useNow();
  if (queues.length === 0) return <p className="dim">{t.board.noQueues}</p>;
  return (
    <div className="tiles">
      {queues.map((one) => (
        <QueueTile key={one.key} one={queueNow(one, readAt[one.key] ?? now, now)} />
      ))}
    </div>
  );
}

function QueueTile({ one }: { one: Board['queues'][number] }) {
  const t = useText();
  const format = useFormat();
  const tone = queueTone(one);
  const level = one.serviceLevel;
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
      <div className="row between" style={{ alignItems: 'flex-end' }}>
        <div>
          <div className={`big num ${tone === 'bad' ? 'bad' : ''}`}>{one.waiting}</div>
          <span className="dim3">
            {t.board.waiting.toLowerCase()}
            {one.offered > 0 ? ` · ${one.offered} ${t.board.offered.toLowerCase()}` : ''}
          </span>
        </div>
        <div style={{ textAlign: 'right' }}>
          <div
            className={`num ${waitClass(one)}`}
            style={{ fontSize: 17, fontWeight: 600 }}
            data-testid="longest"
          >
            {clockSpan(one.longestWaitMs)}
          </div>
          <span className="dim3">{t.board.longest.toLowerCase()}</span>
        </div>
      </div>
      <div title={t.board.formula(level.formula, level.thresholdMs / 1000)}>
        <div className="row between">
          <span className="dim">
            {t.board.level} <span className="tag">{level.formula}</span>
          </span>
          <b className="num">{level.value === null ? '—' : format.percent(level.value)}</b>
        </div>
        <div className="gauge">
          <div style={{ width: `${(level.value ?? 0) * 100}%` }} />
        </div>
      </div>
      <QueueFacts one={one} />
    </section>
  );
}

const waitClass = (one: Board['queues'][number]): string => {
  const tone = waitTone(one);
  return tone === 'bad' || tone === 'warn' ? tone : '';
};

function QueueFacts({ one }: { one: Board['queues'][number] }) {
  const t = useText();
  const facts: readonly (readonly [string, string | number])[] = [
    [t.board.active, one.active],
    [t.board.available, one.agentsAvailable],
    [t.board.paused, one.agentsPaused],
    [t.board.answered, one.answeredToday],
    [t.board.abandoned, one.abandonedToday],
    [t.board.estimated, one.estimatedWaitMs === null ? '—' : clockSpan(one.estimatedWaitMs)],
  ];
  return (
    <div className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <span className="clip" title={name}>
            {name}
          </span>
          <b className="num">{value}</b>
        </div>
      ))}
    </div>
  );
}
