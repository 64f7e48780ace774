import { Skeleton } from '@mantine/core';
import { Fragment, useEffect, useRef } from 'react';
import type { InteractionView, TimelineEntry } from '../../../src/contracts/interaction.ts';
import { useFormat, useText } from '../app/context.tsx';
import { foldMachine, type Folded } from './fold.ts';
import { MachineSteps } from './MachineSteps.tsx';
import { isAtFoot, newestPlace } from './timeline-place.ts';
import { TimelineItem } from './TimelineItem.tsx';

/** Shows the newest: the foot, or the start of a message that is longer than the box. */
function showNewest(box: HTMLElement): void {
  const newest = [...box.querySelectorAll('article.bubble')].at(-1);
  const top = newest && newest.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  box.scrollTop = newestPlace(box, top ?? null);
}

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
    if (element && atFoot.current) showNewest(element);
  }, [count]);
  const loaded = entries !== undefined;
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    // What comes in above the page takes its height: who reads the newest goes on reading it.
    const watch = new ResizeObserver(() => {
      if (atFoot.current) showNewest(element);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [loaded]);
  const onScroll = (): void => {
    const element = box.current;
    if (element) atFoot.current = isAtFoot(element, element.scrollTop);
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
      {foldMachine(entries).map((one, index, all) => {
        const at = atOf(one);
        const day = format.date(at);
        const before = all[index - 1];
        return (
          <Fragment key={one.kind === 'entry' ? one.entry.id : one.id}>
            {before && format.date(atOf(before)) === day ? null : <span className="day">{day}</span>}
            {one.kind === 'entry' ? (
              <TimelineItem entry={one.entry} interaction={interaction} />
            ) : (
              <MachineSteps fold={one} interaction={interaction} />
            )}
          </Fragment>
        );
      })}
    </div>
  );
}

const atOf = (one: Folded): string => (one.kind === 'entry' ? one.entry.at : (one.entries[0]?.at ?? ''));
