import { Skeleton } from '@mantine/core';
import { Fragment, useEffect, useRef } from 'react';
import type { InteractionView, TimelineEntry } from '../../../src/contracts/interaction.ts';
import { useFormat, useText } from '../app/context.tsx';
import { TimelineItem } from './TimelineItem.tsx';

/** Oldest to newest; stays at the foot while the reader is there, and never jumps while they read above. */
export function Timeline({
  interaction,
  entries,
}: {
  interaction: InteractionView;
  entries: readonly TimelineEntry[] | undefined;
}) {
  const t = useText();
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const atFoot = useRef(true);
  const count = entries?.length ?? 0;
  useEffect(() => {
    const element = box.current;
    if (element && atFoot.current) element.scrollTop = element.scrollHeight;
  }, [count]);
  const onScroll = (): void => {
    const element = box.current;
    if (element) atFoot.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
  };
  if (!entries) {
    return (
      <div className="timeline" aria-busy="true">
        {[70, 45, 60].map((width) => (
          <Skeleton key={width} height={14} width={`${width}%`} radius="sm" mt={6} />
        ))}
      </div>
    );
  }
  return (
    <div
      className="timeline"
      ref={box}
      onScroll={onScroll}
      tabIndex={0}
      role="log"
      aria-label={t.desk.timeline}
    >
      {entries.map((entry, index) => {
        const day = format.date(entry.at);
        const before = entries[index - 1];
        return (
          <Fragment key={entry.id}>
            {before && format.date(before.at) === day ? null : <span className="day">{day}</span>}
            <TimelineItem entry={entry} interaction={interaction} />
          </Fragment>
        );
      })}
    </div>
  );
}
