import { z } from 'zod';
import { customerContext } from '../../../src/contracts/context.ts';
import {
  interaction as interactionSchema,
  timelineEntry,
  type TimelineEntry,
} from '../../../src/contracts/interaction.ts';
import { presenceView, type PresenceState, type PresenceView } from '../../../src/contracts/realtime.ts';
import { createStore, type ReadStore } from '../ui/store.ts';
import { ApiError, type Api } from '../session/api.ts';
import { unsentTexts, type Drafts } from '../session/drafts.ts';
import type { Live } from '../session/live.ts';
import type { People } from '../session/people.ts';
import type { User } from '../session/session.ts';
import { createDeskLists } from './desk-lists.ts';
import { commands, path, type Closing } from './desk-commands.ts';
import { readOpen, writeOpen } from './open-contact.ts';
import { readUnread, unreadCount, writeUnread } from './unread.ts';
import { isOlder, reduceWork, type WorkEvent } from './work-events.ts';
import { emptyWork, type Work } from './work.ts';

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
  close: (id: string, closing: Closing) => Promise<void>;
  /** More time for the wrap-up, up to the limit of the queue. */
  extendWrapUp: (id: string) => Promise<void>;
  take: (id: string) => Promise<void>;
  assign: (id: string, agent: string) => Promise<void>;
  /** A supervisor's order, with its reason; whatever the contact is doing ends. */
  end: (id: string, reason: string) => Promise<void>;
  hangUp: (id: string) => Promise<void>;
  hold: (id: string, on: boolean) => Promise<void>;
  dtmf: (id: string, digits: string) => Promise<void>;
  note: (id: string, text: string) => Promise<void>;
  reply: (
    id: string,
    text: string,
    attachments: readonly string[],
    cc: readonly string[] | undefined,
    idempotencyKey: string,
  ) => Promise<void>;
  transfer: (id: string, to: { type: 'agent' | 'queue' | 'number'; id: string }) => Promise<void>;
  call: (to: string, queue: string | null) => Promise<void>;
  retryContext: (id: string) => Promise<void>;
  /** Whose contact it is; null takes a wrong choice back. `confirmed`: the operator made sure. */
  linkCustomer: (id: string, customerId: string | null, confirmed: boolean) => Promise<void>;
  /** The next page of who waits. */
  loadWaiting: () => Promise<void>;
  /** What is on the screen now was looked at. */
  look: () => void;
  stop: () => void;
}

export interface DeskDeps {
  api: Api;
  live: Live;
  people: People;
  user: User;
  /** Asks who this is now; queues and role may be others than at the start. */
  me?: () => Promise<User | null>;
  drafts: Drafts;
  now: () => number;
  /** The contact that stands on a screen that has the focus; without it nothing is watched. */
  watched?: (selected: string | null) => string | null;
  /** Something was written in a contact in hand that nobody looks at. */
  onUnread?: () => void;
  /** Survives F5 of this tab. */
  memory?: Storage;
}

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

interface RefreshDeps extends Pick<DeskDeps, 'api' | 'user'> {
  tell: (event: WorkEvent) => void;
  work: () => Work;
  later: (id: string, inMs?: number) => void;
}

/** Asks for one contact with its timeline and file; an answer that was overtaken by an event is asked for again. */
function createRefresh({ api, user, tell, work, later }: RefreshDeps) {
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

export function createDeskStore(deps: DeskDeps): DeskStore {
  const { api, user } = deps;
  const work = createStore<Work>({
    ...emptyWork({ id: user.id, queues: user.queues }),
    unread: readUnread(deps.memory, user.id),
    selected: readOpen(deps.memory, user.id),
  });
  const problem = createStore<ApiError | null>(null);
  const releases: (() => void)[] = [];
  const meanwhile = createMeanwhile();
  const tell = (event: WorkEvent): void => {
    meanwhile.note(event);
    const before = work.get();
    const after = reduceWork(before, event);
    // What is shown is read, also when the next contact comes by itself after a close.
    const shown = deps.watched?.(after.selected) ?? null;
    work.set(shown === null ? after : reduceWork(after, { type: 'seen', id: shown }));
    const { selected, unread } = work.get();
    if (selected !== before.selected) writeOpen(deps.memory, user.id, selected);
    if (selected !== null && selected !== before.selected) void refresh(selected);
    if (unread === before.unread) return;
    writeUnread(deps.memory, user.id, unread);
    if (unreadCount(unread) > unreadCount(before.unread)) deps.onUnread?.();
  };

  let me = user;
  const lists = createDeskLists(api, () => me);
  const load = async (): Promise<void> => {
    const since = meanwhile.begin();
    try {
      const [list] = await Promise.all([lists.all(), deps.people.reload()]);
      const { selected } = work.get();
      tell({
        type: 'snapshot',
        interactions: list.interactions,
        presence: deps.people.store.get()[user.id] ?? null,
        moreWaiting: list.more,
      });
      for (const event of since.end()) tell(event);
      problem.set(null);
      if (selected !== null) void refresh(selected);
      for (const id of unsentIds(deps.drafts).filter((one) => !(one in work.get().interactions)))
        void refresh(id);
    } catch (error) {
      problem.set(asApiError(error));
    } finally {
      since.end();
    }
  };
  /** What is seen hangs on who one is: asked meanwhile, and everything once more where that is another answer. */
  const reload = async (): Promise<void> => {
    const [now] = await Promise.all([deps.me?.(), load()]);
    if (!now || (now.role === me.role && String(now.queues) === String(me.queues))) return;
    me = now;
    tell({ type: 'me', queues: me.queues });
    await load();
  };
  const watched = (): string | null => deps.watched?.(work.get().selected) ?? null;
  const again = (id: string, inMs?: number): void => later.run(id, inMs);
  const refresh = createRefresh({ api, user, tell, work: work.get, later: again });
  const later = createLater((id) => void refresh(id));

  /** Its journal lines are fetched once the burst is over. */
  const touched = (id: string): void => {
    if (id in work.get().timelines) later.run(id);
  };

  return {
    work,
    problem,
    start: () => {
      releases.push(...listen(deps, { tell, refresh, reload, watched, touched }));
      void load();
    },
    reload,
    refresh,
    show: (detail) => tell({ type: 'detail', ...detail }),
    open: (id) => tell({ type: 'select', id }),
    ...presenceCommand(api, tell),
    ...commands(api, tell, refresh),
    loadWaiting: async () => {
      const page = await lists.next().catch(() => null);
      if (page) tell({ type: 'waiting', ...page });
    },
    look: () => {
      const id = watched();
      if (id !== null) tell({ type: 'seen', id });
    },
    stop: () => {
      for (const release of releases.splice(0)) release();
      later.stop();
    },
  };
}

interface Hearing {
  tell: (event: WorkEvent) => void;
  refresh: (id: string) => Promise<void>;
  reload: () => Promise<void>;
  watched: () => string | null;
  touched: (id: string) => void;
}

/** What the server tells by itself. */
function listen({ live, drafts, now }: DeskDeps, hearing: Hearing): (() => void)[] {
  const { tell, refresh, watched } = hearing;
  return [
    live.on('offer', ({ interaction, deadline, context }) => {
      tell({ type: 'offer', interaction, deadline, context, now: now() });
      // What was chosen in the menu stands in the timeline; it arrives while it rings.
      void refresh(interaction.id);
    }),
    live.on('offer:revoked', ({ interactionId }) => tell({ type: 'offerGone', interactionId })),
    live.on('interaction', ({ interaction }) => {
      tell({ type: 'interaction', interaction, now: now(), watched: watched() });
      if (interaction.state === 'closed') drafts.settle(interaction.id);
      hearing.touched(interaction.id);
    }),
    live.on('message', ({ interactionId, message }) =>
      tell({ type: 'message', interactionId, message, now: now(), watched: watched() }),
    ),
    live.on('context', ({ interactionId, context }) => tell({ type: 'context', interactionId, context })),
    live.on('presence', (presence) => tell({ type: 'presence', presence })),
    live.on('resync', () => void hearing.reload()),
  ];
}

/** Contacts whose text never reached the server: they are shown until somebody decides about it. */
const UNSENT_SHOWN = 10;
const unsentIds = (drafts: Drafts): string[] =>
  Object.entries(drafts.store.get())
    .filter(([, draft]) => unsentTexts(draft).length > 0)
    .map(([id]) => id)
    .slice(0, UNSENT_SHOWN);

function presenceCommand(api: Api, tell: (event: WorkEvent) => void): Pick<DeskStore, 'setPresence'> {
  return {
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
