import { z } from 'zod';
import { customerContext } from '../../../src/contracts/context.ts';
import {
  interaction as interactionSchema,
  timelineEntry,
  type TimelineEntry,
} from '../../../src/contracts/interaction.ts';
import { asApiError, type Api } from '../session/api.ts';
import type { User } from '../session/session.ts';
import { path } from './desk-commands.ts';
import { isOlder, type WorkEvent } from './work-events.ts';
import type { Work } from './work.ts';

/** `GET /interactions/{id}`: the interaction, bare or under `interaction`, with timeline and context beside it. */
const companions = z.object({
  timeline: z.array(z.unknown()).default([]),
  context: customerContext.nullish().catch(null),
});
export const interactionDetail = z.unknown().transform((raw, issues) => {
  const body = z.looseObject({ interaction: z.unknown().optional() }).safeParse(raw);
  const one = interactionSchema.safeParse(body.data?.interaction ?? raw);
  const beside = companions.safeParse(raw);
  if (!one.success || !beside.success) {
    issues.addIssue({ code: 'custom', message: 'not an interaction' });
    return z.NEVER;
  }
  const timeline = beside.data.timeline.flatMap((entry): TimelineEntry[] => {
    const parsed = timelineEntry.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
  return { interaction: one.data, timeline, context: beside.data.context ?? null };
});
export type InteractionDetail = z.infer<typeof interactionDetail>;

/** Sections arrive by themselves only at the desk of who has the contact; whoever else looks asks again, ms and times. */
const LOOK_AGAIN_MS = 1_500;
const LOOKS = 10;
/** A burst of events of one contact is over by then, ms. */
const BURST_MS = 150;
/** Whether a file that is still loading is worth another look. */
function createLooks() {
  const times = new Map<string, number>();
  return {
    again({ interaction, context }: InteractionDetail, userId: string): boolean {
      const { id, agent } = interaction;
      const loading = Object.values(context?.sections ?? {}).some((section) => section.state === 'loading');
      const now = (times.get(id) ?? 0) + 1;
      times.delete(id);
      if (agent?.id === userId || !loading || now > LOOKS) return false;
      times.set(id, now);
      return true;
    },
  };
}

/** An `interaction` event says that something happened; its journal lines are fetched once the burst is over. */
export function createLater(run: (id: string) => void) {
  const timers = new Map<string, number>();
  return {
    run(id: string, inMs = BURST_MS): void {
      if (timers.has(id)) return;
      const timer = window.setTimeout(() => {
        timers.delete(id);
        run(id);
      }, inMs);
      timers.set(id, timer);
    },
    stop(): void {
      for (const timer of timers.values()) window.clearTimeout(timer);
      timers.clear();
    },
  };
}

interface RefreshDeps {
  api: Api;
  user: User;
  tell: (event: WorkEvent) => void;
  work: () => Work;
  later: (id: string, inMs?: number) => void;
}

/** Asks for one contact with its timeline and file; an answer that was overtaken by an event is asked for again. */
export function createRefresh({ api, user, tell, work, later }: RefreshDeps) {
  const looks = createLooks();
  const version = (id: string): number | undefined => work().interactions[id]?.version;
  return async (id: string): Promise<void> => {
    const asked = version(id);
    const detail = await api.get(path(id), interactionDetail).catch((error: unknown) => {
      if (asApiError(error).status !== 404) return null;
      // Somebody else's now: neither a contact of ours nor one that we may see. Unless it came to us meanwhile.
      const now = version(id);
      if (now === undefined || now === asked) tell({ type: 'gone', id });
      else later(id);
      return null;
    });
    if (!detail) return;
    const isBehind = isOlder(work(), detail.interaction);
    tell({ type: 'detail', ...detail });
    if (isBehind) later(id);
    else if (looks.again(detail, user.id)) later(id, LOOK_AGAIN_MS);
  };
}
