import { z } from 'zod';
import { customerContext } from '../../../src/contracts/context.ts';
import {
  interaction as interactionSchema,
  timelineEntry,
  type TimelineEntry,
} from '../../../src/contracts/interaction.ts';
import { presenceView, type PresenceState, type PresenceView } from '../../../src/contracts/realtime.ts';
import { createStore, type ReadStore } from '../ui/store.ts';
import { ApiError, listOf, query, type Api } from '../session/api.ts';
import type { Drafts } from '../session/drafts.ts';
import type { Live } from '../session/live.ts';
import type { People } from '../session/people.ts';
import type { User } from '../session/session.ts';
import { emptyWork, reduceWork, type Work, type WorkEvent } from './work.ts';

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

/** A presence, bare or under `presence`. */
const withPresence = z.looseObject({ presence: presenceView.nullish().catch(null) });

export interface DeskStore {
  work: ReadStore<Work>;
  /** Set while the last load failed; the desk keeps showing what it knew. */
  problem: ReadStore<ApiError | null>;
  start: () => void;
  reload: () => Promise<void>;
  open: (id: string | null) => void;
  refresh: (id: string) => Promise<void>;
  /** Takes in a contact that a page fetched by itself. */
  show: (detail: InteractionDetail) => void;
  setPresence: (state: PresenceState, reason?: string) => Promise<void>;
  accept: (id: string) => Promise<void>;
  reject: (id: string) => Promise<void>;
  close: (id: string, disposition: string, note: string | null) => Promise<void>;
  hangUp: (id: string) => Promise<void>;
  hold: (id: string, on: boolean) => Promise<void>;
  dtmf: (id: string, digits: string) => Promise<void>;
  note: (id: string, text: string) => Promise<void>;
  reply: (id: string, text: string, attachments: readonly string[]) => Promise<void>;
  transfer: (id: string, to: { type: 'agent' | 'queue' | 'number'; id: string }) => Promise<void>;
  call: (to: string, queue: string | null) => Promise<void>;
  retryContext: (id: string) => Promise<void>;
  /** Whose contact it is; null takes a wrong choice back. `confirmed`: the operator made sure. */
  linkCustomer: (id: string, customerId: string | null, confirmed: boolean) => Promise<void>;
  stop: () => void;
}

export interface DeskDeps {
  api: Api;
  live: Live;
  people: People;
  user: User;
  drafts: Drafts;
  now: () => number;
}

const held = 'offered,active,wrapUp,queued';
/** Sections arrive by themselves only at the desk of who has the contact; whoever else looks asks again, ms and times. */
const LOOK_AGAIN_MS = 1_500;
const LOOKS = 10;
/** A burst of events of one contact is over by then, ms. */
const BURST_MS = 150;
const path = (id: string, action = ''): string => `/api/v1/interactions/${encodeURIComponent(id)}${action}`;

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

/** What happened while a list was on its way: the list may be older than that, so it is told again after it. */
function createMeanwhile() {
  const open = new Set<WorkEvent[]>();
  return {
    note(event: WorkEvent): void {
      if (event.type !== 'snapshot') for (const events of open) events.push(event);
    },
    begin() {
      const events: WorkEvent[] = [];
      open.add(events);
      return {
        end: (): readonly WorkEvent[] => {
          open.delete(events);
          return events;
        },
      };
    },
  };
}

/** An `interaction` event says that something happened; its journal lines are fetched once the burst is over. */
function createLater(run: (id: string) => void) {
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

export function createDeskStore(deps: DeskDeps): DeskStore {
  const { api, live, user } = deps;
  const work = createStore<Work>(emptyWork({ id: user.id, queues: user.queues }));
  const problem = createStore<ApiError | null>(null);
  const releases: (() => void)[] = [];
  const meanwhile = createMeanwhile();
  const tell = (event: WorkEvent): void => {
    meanwhile.note(event);
    const before = work.get().selected;
    work.update((now) => reduceWork(now, event));
    const { selected } = work.get();
    if (selected !== null && selected !== before) void refresh(selected);
  };

  const reload = async (): Promise<void> => {
    const since = meanwhile.begin();
    try {
      const [list] = await Promise.all([
        api.get(`/api/v1/interactions${query({ state: held, limit: 200 })}`, listOf(interactionSchema)),
        deps.people.reload(),
      ]);
      const { selected } = work.get();
      tell({
        type: 'snapshot',
        interactions: list.items,
        presence: deps.people.store.get()[user.id] ?? null,
      });
      for (const event of since.end()) tell(event);
      problem.set(null);
      if (selected !== null) void refresh(selected);
    } catch (error) {
      problem.set(asApiError(error));
    } finally {
      since.end();
    }
  };
  const looks = createLooks();
  const refresh = async (id: string): Promise<void> => {
    const detail = await api.get(path(id), interactionDetail).catch(() => null);
    if (!detail) return;
    tell({ type: 'detail', ...detail });
    if (looks.again(detail, user.id)) later.run(id, LOOK_AGAIN_MS);
  };
  const later = createLater((id) => void refresh(id));

  const listen = (): void => {
    releases.push(
      live.on('offer', ({ interaction, deadline, context }) => {
        tell({ type: 'offer', interaction, deadline, context, now: deps.now() });
        // What was chosen in the menu stands in the timeline; it arrives while it rings.
        void refresh(interaction.id);
      }),
      live.on('offer:revoked', ({ interactionId }) => tell({ type: 'offerGone', interactionId })),
      live.on('interaction', ({ interaction }) => {
        tell({ type: 'interaction', interaction, now: deps.now() });
        if (interaction.state === 'closed') deps.drafts.forget(interaction.id);
        if (interaction.id in work.get().timelines) later.run(interaction.id);
      }),
      live.on('message', ({ interactionId, message }) => tell({ type: 'message', interactionId, message })),
      live.on('context', ({ interactionId, context }) => tell({ type: 'context', interactionId, context })),
      live.on('presence', (presence) => tell({ type: 'presence', presence })),
      live.on('resync', () => void reload()),
    );
  };

  return {
    work,
    problem,
    start: () => {
      listen();
      void reload();
    },
    reload,
    refresh,
    show: (detail) => tell({ type: 'detail', ...detail }),
    open: (id) => tell({ type: 'select', id }),
    setPresence: async (state, reason) => {
      const answer = await api.send(
        'PUT',
        '/api/v1/me/presence',
        { state, ...(reason === undefined ? {} : { reason }) },
        z.unknown(),
      );
      const presence = presenceIn(answer);
      if (presence) tell({ type: 'presence', presence });
    },
    ...commands(api, tell, refresh),
    stop: () => {
      for (const release of releases.splice(0)) release();
      later.stop();
    },
  };
}

type Commands = Pick<
  DeskStore,
  | 'accept'
  | 'reject'
  | 'close'
  | 'hangUp'
  | 'hold'
  | 'dtmf'
  | 'note'
  | 'reply'
  | 'transfer'
  | 'call'
  | 'retryContext'
  | 'linkCustomer'
>;

/** One command, one request: HTTP answers with a problem document even when the live connection is away. */
function commands(
  api: Api,
  tell: (event: WorkEvent) => void,
  refresh: (id: string) => Promise<void>,
): Commands {
  const leave = async (id: string, action: '/accept' | '/reject'): Promise<void> => {
    // The ring stops with the key, not with the answer; what the server says afterwards is the truth.
    tell({ type: 'offerGone', interactionId: id });
    await api.post(path(id, action));
  };
  const andRefresh = async (id: string, doing: Promise<void>): Promise<void> => {
    await doing;
    await refresh(id);
  };
  return {
    accept: async (id) => {
      await leave(id, '/accept');
      tell({ type: 'select', id });
      await refresh(id);
    },
    reject: (id) => leave(id, '/reject'),
    close: (id, disposition, note) =>
      andRefresh(id, api.post(path(id, '/close'), { disposition, ...(note === null ? {} : { note }) })),
    hangUp: (id) => api.post(path(id, '/hangup')),
    hold: (id, on) => andRefresh(id, api.post(path(id, on ? '/hold' : '/resume'))),
    dtmf: (id, digits) => api.post(path(id, '/dtmf'), { digits }),
    note: (id, text) => andRefresh(id, api.post(path(id, '/notes'), { text })),
    reply: (id, text, attachments) =>
      andRefresh(
        id,
        api.post(path(id, '/messages'), { text, ...(attachments.length > 0 ? { attachments } : {}) }),
      ),
    transfer: (id, to) => api.post(path(id, '/transfer'), { to, mode: 'blind' }),
    call: (to, queue) => api.post('/api/v1/calls', { to, ...(queue === null ? {} : { queue }) }),
    retryContext: (id) => refresh(id),
    linkCustomer: (id, customerId, confirmed) =>
      andRefresh(id, api.post(path(id, '/customer'), { customerId, confirmed })),
  };
}

function presenceIn(answer: unknown): PresenceView | null {
  const bare = presenceView.safeParse(answer);
  if (bare.success) return bare.data;
  return withPresence.safeParse(answer).data?.presence ?? null;
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, 'unexpected', String(error));
}
