import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { channel as channelSchema, type Channel } from '../../../src/contracts/common.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { queueName } from '../session/queues.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { useStore } from '../ui/store.ts';
import { shortSpan } from '../ui/time.ts';
import { aboutOf, nameOf } from './names.ts';
import { useSettled } from './settled.ts';
import { countsOf, filterWaiting, type WaitingFilter } from './waiting.ts';
import { since, waitingWork, type Work } from './work.ts';

/** Rows drawn at once; the rest come with a press, so that a thousand mails do not slow the desk down. */
const STEP = 40;

/** Who waits in the own queues: voice first, filtered by channel and queue, each one can be opened. */
export function WaitingList({ work, now }: { work: Work; now: number }) {
  const t = useText();
  const { desk } = useSignedIn();
  const [filter, setFilter] = useState<WaitingFilter>({ channel: null, queue: null });
  const [limit, setLimit] = useState(STEP);
  const waiting = waitingWork(work);
  const { shown, ...pointer } = useSettled(filterWaiting(waiting, filter));
  const more = shown.length - limit;
  return (
    <section aria-label={t.desk.waiting} data-testid="waiting">
      <h2 className="label" style={{ padding: '18px 4px 6px' }}>
        {t.desk.waiting} ·{' '}
        <span className="num">
          {waiting.length}
          {work.moreWaiting ? '+' : ''}
        </span>
      </h2>
      {waiting.length > 1 ? <Filters waiting={waiting} filter={filter} onFilter={setFilter} /> : null}
      {shown.length === 0 ? (
        <p className="dim3" style={{ margin: '0 4px' }}>
          {t.desk.noWaiting}
        </p>
      ) : null}
      <div {...pointer}>
        {shown.slice(0, limit).map((one) => (
          <WaitingLine key={one.id} one={one} now={now} current={work.selected === one.id} />
        ))}
      </div>
      {more > 0 ? (
        <Button fullWidth variant="subtle" onClick={() => setLimit(limit + STEP)}>
          {t.desk.more(more)}
        </Button>
      ) : work.moreWaiting ? (
        <Button fullWidth variant="subtle" onClick={() => void desk.loadWaiting()}>
          {t.desk.loadMore}
        </Button>
      ) : null}
    </section>
  );
}

interface FiltersProps {
  waiting: readonly InteractionView[];
  filter: WaitingFilter;
  onFilter: (filter: WaitingFilter) => void;
}

function Filters({ waiting, filter, onFilter }: FiltersProps) {
  const t = useText();
  const known = useStore(useSignedIn().queues.list);
  const { channels, queues } = countsOf(waiting);
  return (
    <div className="row tight" style={{ padding: '0 4px 6px' }}>
      <Select
        className="grow"
        clearable
        aria-label={t.desk.byChannel}
        placeholder={t.desk.byChannel}
        data={channels.map(([one, count]) => ({
          value: one,
          label: `${t.channels[one]} (${String(count)})`,
        }))}
        value={filter.channel}
        onChange={(value) => onFilter({ ...filter, channel: channelOf(value) })}
      />
      <Select
        className="grow"
        clearable
        aria-label={t.desk.byQueue}
        placeholder={t.desk.byQueue}
        data={queues.map(([one, count]) => ({
          value: one,
          label: `${queueName(known, one)} (${String(count)})`,
        }))}
        value={filter.queue}
        onChange={(queue) => onFilter({ ...filter, queue })}
      />
    </div>
  );
}

const channelOf = (value: string | null): Channel | null => channelSchema.safeParse(value).data ?? null;

/** Mails of one sender differ by their subject only. Opened it is read; it is taken from there. */
function WaitingLine({ one, now, current }: { one: InteractionView; now: number; current: boolean }) {
  const { desk, queues } = useSignedIn();
  const known = useStore(queues.list);
  const waited = now - since(one);
  const t = useText();
  const about = aboutOf(known, one);
  return (
    <button
      type="button"
      data-row
      className="plain card"
      style={{ padding: '4px 6px' }}
      aria-current={current}
      onClick={() => desk.open(one.id)}
      data-testid="waiting-line"
    >
      <span className="row top-line">
        <ChannelIcon channel={one.channel} />
        <span className="two-lines grow" title={nameOf(t, one)}>
          {nameOf(t, one)}
        </span>
      </span>
      <span className="row under-name">
        <span className="clip dim3 grow" title={about}>
          {about}
        </span>
        <span className={`num ${waited > 60_000 && one.channel === 'voice' ? 'warn' : 'dim'}`}>
          {shortSpan(waited)}
        </span>
      </span>
    </button>
  );
}
