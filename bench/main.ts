import { type Reference, describeMachine, machineText, references } from './machine.ts';
import { brief, explain, isMet, type Outcome, table } from './report.ts';

/** npm run bench [-- rows…] [-- --json]: measures what this machine can, one row after another, and prints ratios. */
interface Job {
  readonly rows: readonly number[];
  readonly name: string;
  /** Without these nothing can be measured; a row whose reference alone is missing says so itself. */
  readonly needs: readonly Reference[];
  run(): Promise<Outcome | readonly Outcome[]>;
}

const JOBS: readonly Job[] = [
  {
    rows: [1],
    name: 'embedded WebRTC↔RTP CPU per call ÷ rtpengine',
    needs: [],
    run: async () => (await import('./media.ts')).row1(),
  },
  {
    rows: [2],
    name: 'embedded RTP↔RTP bridge ÷ rtpengine in userspace',
    needs: [],
    run: async () => (await import('./media.ts')).row2(),
  },
  {
    rows: [3],
    name: 'added delay at 100 calls ÷ rtpengine',
    needs: [],
    run: async () => (await import('./media.ts')).row3(),
  },
  {
    rows: [4],
    name: 'CPU per INVITE/ACK/BYE ÷ sipp UAS',
    needs: ['sipp'],
    run: async () => (await import('./sip.ts')).row4(),
  },
  {
    rows: [6],
    name: 'operator ready → offer on the wire ÷ mod_callcenter',
    needs: ['sipp'],
    run: async () => (await import('./callcenter.ts')).row6(),
  },
  {
    rows: [7],
    name: 'contacts routed per second ÷ a router on Bull workers',
    needs: [],
    run: async () => (await import('./queue.ts')).row7(),
  },
  {
    rows: [8],
    name: 'webhook → operator’s socket ÷ SQL, job and pub/sub',
    needs: [],
    run: async () => (await import('./webhook.ts')).row8(),
  },
  {
    rows: [11],
    name: 'CPU per call with recording ÷ without',
    needs: [],
    run: async () => (await import('./media.ts')).row11(),
  },
  {
    rows: [13],
    name: 'durable writes ÷ append + fdatasync',
    needs: [],
    run: async () => (await import('./store.ts')).row13(),
  },
  {
    rows: [16, 17, 18, 19],
    name: 'searches, lists, writes meanwhile and start at 200,000 customers',
    needs: [],
    run: async () => (await import('./lists.ts')).rows16to19(),
  },
  {
    rows: [21],
    name: 'a write while lists and searches run, by the longest',
    needs: [],
    run: async () => (await import('./store-writes.ts')).row21(),
  },
  {
    rows: [20],
    name: 'a call’s sound while strangers do their worst',
    needs: [],
    run: async () => (await import('./sound.ts')).row20(),
  },
];

const USAGE = `npm run bench -- [rows…] [--json]
rows: ${JOBS.flatMap((job) => job.rows).join(', ')}; without any, all of them.`;

async function measure(job: Job): Promise<Outcome[]> {
  const failed = (error: string): Outcome[] => job.rows.map((row) => ({ row, name: job.name, error }));
  const missing = job.needs.filter((name) => references[name]() === undefined);
  if (missing.length > 0) return failed(`this machine has no ${missing.join(', ')}`);
  try {
    return [await Promise.race([job.run(), trouble()])].flat();
  } catch (error) {
    return failed(explain(error));
  }
}

/** A row that hangs, or that dies outside its promise, loses itself and not the rows before and after it. */
const ROW_LIMIT_MS = 900_000;

function trouble(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no result within ${ROW_LIMIT_MS / 1000} s`)), ROW_LIMIT_MS).unref();
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', reject);
  });
}

async function main(words: readonly string[]): Promise<number> {
  const wanted = words.filter((word) => !word.startsWith('--')).map(Number);
  const known = JOBS.flatMap((job) => job.rows);
  const strangers = wanted.filter((row) => !known.includes(row));
  if (words.includes('--help') || strangers.length > 0) {
    console.log(USAGE);
    return strangers.length > 0 ? 2 : 0;
  }
  const json = words.includes('--json');
  const machine = describeMachine();
  if (!json) console.log(`${machineText(machine)}\n`);
  const outcomes: Outcome[] = [];
  for (const job of JOBS) {
    if (wanted.length > 0 && !job.rows.some((row) => wanted.includes(row))) continue;
    const from = performance.now();
    console.error(`row ${job.rows.join(', ')}: ${job.name} …`);
    const found = await measure(job);
    outcomes.push(...found);
    // Told as it comes: whoever stops a long run keeps what was measured.
    for (const outcome of found) console.error(`  ${outcome.row}: ${brief(outcome)}`);
    console.error(`  ${((performance.now() - from) / 1000).toFixed(0)} s`);
  }
  const judged = outcomes.map((outcome) =>
    'error' in outcome ? outcome : { ...outcome, met: isMet(outcome) ?? null },
  );
  console.log(json ? JSON.stringify({ machine, rows: judged }, null, 2) : `\n${table(outcomes)}`);
  // A ratio out of its target is news, not a fault of this program: only nothing measured is.
  return outcomes.some((outcome) => !('error' in outcome)) ? 0 : 1;
}

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
