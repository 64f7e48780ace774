import { systemClock } from './shared/clock.ts';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { toSentence } from './platform/terminal.ts';

/** Politeness has an end: calls are told goodbye, then the process leaves (contract.md: within 8 s). */
const GRACE_MS = 7_500;

async function main(): Promise<void> {
  const startedAt = systemClock.steady();
  surviveClosedOutput();
  const app = await createApp(readConfig(process.env), endAtOnce);
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    // npm forwards the terminal's signal, so it comes twice: the second is the same one.
    stopping ??= leave(() => app.stop());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // A renewed certificate (systemctl reload). Without this handler the signal would end every call.
  process.on('SIGHUP', () => void app.renewCertificate());
  try {
    await app.start();
  } catch (error) {
    // A start that a signal cut short fails in many ways; none of them is news.
    if (stopping === undefined) throw error;
    await stopping;
  }
  if (stopping !== undefined) return;
  for (const line of app.welcome(Math.round(systemClock.steady() - startedAt))) console.log(line);
}

/** Whoever read our output may end (`npm start | head`, a log collector): calls go on without a reader. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/** Whoever lost its documents to another process writes nothing more, not even goodbyes: that one has told what became of the calls. */
function endAtOnce(error: unknown): never {
  console.error(toSentence(error));
  process.exit(1);
}

async function leave(stop: () => Promise<void>): Promise<void> {
  systemClock.after(GRACE_MS, () => process.exit(0));
  try {
    await stop();
    process.exit(0);
  } catch (error) {
    console.error(toSentence(error));
    process.exit(1);
  }
}

main().catch(endAtOnce);
