import type { TimelineEntry } from '../../../src/contracts/interaction.ts';
import { isUnseen } from './reading.ts';

/** A line of the timeline, or the machine's steps before a person folded into one. */
export type Folded =
  | { kind: 'entry'; entry: TimelineEntry }
  | {
      kind: 'machine';
      /** What took that time: the menu and its steps, the wait for a person, or one and then the other. */
      of: 'flow' | 'wait' | 'both';
      id: string;
      entries: readonly TimelineEntry[];
      spanMs: number;
      /** Offers that nobody answered, or somebody refused. */
      unanswered: number;
    };

const steps: ReadonlySet<string> = new Set([
  'opened',
  'queued',
  'enqueued',
  'offered',
  'offerRevoked',
  'offerTimedOut',
  'offerRejected',
  'requeued',
  'identified',
  'connected',
  'sound.both',
  'recordingStarted',
  'messageQueued',
  'holdVoided',
]);

const isStep = ({ kind, message, data }: TimelineEntry): boolean =>
  message === undefined &&
  !isUnseen(data['reason']) &&
  (steps.has(kind) || (kind.startsWith('flow') && kind !== 'flow.fault'));

const inVain: ReadonlySet<string> = new Set(['offerTimedOut', 'offerRejected']);
const waits: ReadonlySet<string> = new Set([
  'queued',
  'enqueued',
  'offered',
  'offerRevoked',
  'requeued',
  ...inVain,
]);

const isFlow = ({ kind }: TimelineEntry): boolean => kind.startsWith('flow');

/** Steps of a talk, such as its sound and its recording, are neither a menu nor a wait: they are shown as they are. */
const isBeforePerson = (run: readonly TimelineEntry[]): boolean =>
  run.some((entry) => isFlow(entry) || waits.has(entry.kind));

/** What comes last takes no time of the span. */
function timeOf(run: readonly TimelineEntry[]): 'flow' | 'wait' | 'both' {
  if (!run.slice(0, -1).some(({ kind }) => waits.has(kind))) return 'flow';
  return run.some(isFlow) ? 'both' : 'wait';
}

/** Fewer are shown as they are. */
const FEW = 3;

export function foldMachine(entries: readonly TimelineEntry[]): Folded[] {
  const folded: Folded[] = [];
  let run: TimelineEntry[] = [];
  const flush = (): void => {
    const [first, last] = [run[0], run.at(-1)];
    if (first && last && run.length >= FEW && isBeforePerson(run))
      folded.push({
        kind: 'machine',
        of: timeOf(run),
        id: first.id,
        entries: run,
        spanMs: Date.parse(last.at) - Date.parse(first.at),
        unanswered: run.filter(({ kind }) => inVain.has(kind)).length,
      });
    else folded.push(...run.map((entry): Folded => ({ kind: 'entry', entry })));
    run = [];
  };
  for (const entry of entries) {
    if (isStep(entry)) run.push(entry);
    else {
      flush();
      folded.push({ kind: 'entry', entry });
    }
  }
  flush();
  return folded;
}
