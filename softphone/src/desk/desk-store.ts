import { z } from 'zod';
import { presenceView, type PresenceState, type PresenceView } from '../../../src/contracts/realtime.ts';
import { createStore, type ReadStore } from '../ui/store.ts';
import { asApiError, type Api, type ApiError } from '../session/api.ts';
import { unsentTexts, type Drafts } from '../session/drafts.ts';
import type { Live } from '../session/live.ts';
import type { People } from '../session/people.ts';
import type { User } from '../session/session.ts';
import { createDeskLists } from './desk-lists.ts';
import { commands, type Closing } from './desk-commands.ts';
import { createLater, createRefresh, type InteractionDetail } from './desk-refresh.ts';
import { readOpen, writeOpen } from './open-contact.ts';
import { readUnread, unreadCount, writeUnread } from './unread.ts';
import { reduceWork, type WorkEvent } from './work-events.ts';
import { emptyWork, type Work } from './work.ts';

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
