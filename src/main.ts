import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { toSentence } from './platform/terminal.ts';

/** Politeness has an end: calls are told goodbye, then the process leaves (contract.md: within 8 s). */
const GRACE_MS = 7_500;

async function main(): Promise<void> {
  const startedAt = Date.now();
  surviveClosedOutput();
  const app = await createApp(readConfig(process.env));
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    // npm forwards the terminal's signal, so it comes twice: the second is the same one.
    stopping ??= leave(() => app.stop());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    await app.start();
  } catch (error) {
    // A start that a signal cut short fails in many ways; none of them is news.
    if (stopping === undefined) throw error;
    await stopping;
  }
  if (stopping !== undefined) return;
  for (const line of app.welcome(Date.now() - startedAt)) console.log(line);
}

/** Whoever read our output may end (`npm start | head`, a log collector): calls go on without a reader. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

async function leave(stop: () => Promise<void>): Promise<void> {
  const deadline = setTimeout(() => process.exit(0), GRACE_MS);
  deadline.unref();
  try {
    await stop();
    process.exit(0);
  } catch (error) {
    console.error(toSentence(error));
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  console.error(toSentence(error));
  process.exit(1);
});
