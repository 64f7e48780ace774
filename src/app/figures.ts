import type { Board } from '../contracts/realtime.ts';
import { isEnd, type Interaction } from '../interactions/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import { createRecent } from '../shared/recent.ts';

/**
 * What monitoring asks of the service itself, beside the process's own figures (docs/instalacao.md lists them with their alerts).
 * Labels are keys of companies, queues, trunks and engines: small fixed sets, never a person's data.
 */
export interface FiguresDeps {
  readonly metrics: Metrics;
  readonly companies: () => readonly { readonly _id: string; readonly key: string }[];
  readonly board: (companyId: string) => Board;
  readonly engines: () => Promise<readonly { readonly name: string; readonly ok: boolean }[]>;
  readonly onContact: (listener: (interaction: Interaction) => void) => unknown;
  /** Jobs that wait for their time or run, and those that gave up within the last day. */
  readonly jobs: () => Promise<Readonly<Record<'waiting' | 'running' | 'failed', number>>>;
  readonly mails: () => Promise<Readonly<Record<'importing' | 'setAside' | 'unsent' | 'failed', number>>>;
  /** Since the oldest mail was accepted that stands in no queue yet, ms. */
  readonly oldestMailMs: () => number;
  /** Bytes of the embedded store's file; absent where MongoDB holds the data. */
  readonly storeBytes?: () => Promise<number>;
}

/** A contact that ended is told again when a note is added: each counts once. */
const REMEMBERED = 10_000;

export function registerFigures(deps: FiguresDeps): void {
  const tellers = [queueFigures(deps), peopleFigures(deps), trunkFigures(deps)];
  // The board costs a walk over everybody: one scrape asks it once.
  deps.metrics.onScrape(() => {
    for (const teller of tellers) teller.forget();
    for (const { _id, key } of deps.companies()) {
      const board = deps.board(_id);
      for (const teller of tellers) teller.tell(key, board);
    }
  });
  engineFigures(deps);
  contactFigures(deps);
  workFigures(deps);
}

/** Gauges that are set from the board of a company. What is no more on any board has no figure either. */
interface Teller {
  forget(): void;
  tell(company: string, board: Board): void;
}

function queueFigures({ metrics }: FiguresDeps): Teller {
  const contacts = metrics.gauge('ramal_queue_contacts', 'Contacts of a queue by what they do', [
    'company',
    'queue',
    'state',
  ]);
  const byChannel = ['company', 'queue', 'channel'] as const;
  const longest = metrics.gauge(
    'ramal_queue_longest_wait_seconds',
    'How long the first of a queue has waited',
    byChannel,
  );
  const free = metrics.gauge(
    'ramal_queue_free',
    'People who could take a contact of the queue now',
    byChannel,
  );
  const nobody = metrics.gauge(
    'ramal_queue_nobody_for',
    'Waiting contacts that ask for a skill which no member of the queue has',
    ['company', 'queue'],
  );
  return {
    forget() {
      for (const gauge of [contacts, longest, free, nobody]) gauge.reset();
    },
    tell(company, { queues }) {
      for (const { key: queue, waiting, offered, active, nobodyFor = 0, channels = [] } of queues) {
        nobody.set({ company, queue }, nobodyFor);
        contacts.set({ company, queue, state: 'waiting' }, waiting);
        contacts.set({ company, queue, state: 'offered' }, offered);
        contacts.set({ company, queue, state: 'active' }, active);
        for (const one of channels) {
          const of = { company, queue, channel: one.channel };
          longest.set(of, one.longestWaitMs / 1000);
          free.set(of, one.free);
        }
      }
    },
  };
}

function peopleFigures({ metrics }: FiguresDeps): Teller {
  const gauge = metrics.gauge(
    'ramal_people',
    'Operators by presence; onCall counts those with a call in hand among them',
    ['company', 'state'],
  );
  return {
    forget: () => gauge.reset(),
    tell(company, { people }) {
      for (const state of ['available', 'paused', 'offline'] as const)
        gauge.set({ company, state }, people.filter((person) => person.state === state).length);
      gauge.set({ company, state: 'onCall' }, people.filter((person) => person.load.voice).length);
    },
  };
}

function trunkFigures({ metrics }: FiguresDeps): Teller {
  const gauge = metrics.gauge('ramal_trunk_channels', 'Channels of a trunk: used, and bought', [
    'company',
    'trunk',
    'kind',
  ]);
  return {
    forget: () => gauge.reset(),
    tell(company, { trunks }) {
      for (const { name: trunk, used, channels } of trunks) {
        gauge.set({ company, trunk, kind: 'used' }, used);
        gauge.set({ company, trunk, kind: 'bought' }, channels);
      }
    },
  };
}

function engineFigures({ metrics, engines }: FiguresDeps): void {
  metrics.gauge('ramal_engine_up', '1 while an engine answers', ['engine'], async (gauge) => {
    for (const { name, ok } of await engines()) gauge.set({ engine: name }, ok ? 1 : 0);
  });
}

function contactFigures({ metrics, onContact, companies }: FiguresDeps): void {
  const ended = metrics.counter('ramal_contacts_ended_total', 'Contacts that ended, by how', [
    'company',
    'channel',
    'direction',
    'end',
  ]);
  const counted = createRecent<true>(REMEMBERED);
  onContact(({ id, companyId, channel, direction, state }) => {
    if (!isEnd(state) || counted.get(id) === true) return;
    counted.set(id, true);
    const company = companies().find(({ _id }) => _id === companyId)?.key ?? '-';
    ended.inc({ company, channel, direction, end: state.name });
  });
}

function workFigures({ metrics, jobs, mails, oldestMailMs, storeBytes }: FiguresDeps): void {
  metrics.gauge(
    'ramal_jobs',
    'Jobs by state; failed gave up within the last day',
    ['state'],
    async (gauge) => {
      for (const [state, count] of Object.entries(await jobs())) gauge.set({ state }, count);
    },
  );
  metrics.gauge(
    'ramal_mails',
    'Mails: importing were accepted and wait, setAside reached no queue, unsent have not left, failed gave up',
    ['state'],
    async (gauge) => {
      for (const [state, count] of Object.entries(await mails())) gauge.set({ state }, count);
    },
  );
  metrics.gauge(
    'ramal_mail_oldest_seconds',
    'Since the oldest mail was accepted that stands in no queue yet',
    [],
    (gauge) => gauge.set(oldestMailMs() / 1000),
  );
  if (storeBytes !== undefined)
    metrics.gauge('ramal_store_bytes', "Size of the embedded store's file", [], async (gauge) =>
      gauge.set(await storeBytes()),
    );
}
