import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { AppError } from './shared/errors.ts';

/** Politeness has an end: calls are told goodbye, then the process leaves (contract.md: within 8 s). */
const GRACE_MS = 7_500;

/** What the person at the terminal can act on: a sentence, not a stack trace. */
function explain(error: unknown): string {
  if (error instanceof ConfigError)
    return `Configuração inválida:\n${error.faults.map((fault) => `  · ${fault}`).join('\n')}`;
  if (error instanceof AppError) return `${error.message} (${error.code})`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<void> {
  const startedAt = Date.now();
  const app = await createApp(readConfig(process.env));
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    // npm forwards the terminal's signal, so it comes twice: the second is the same one.
    stopping ??= leave(() => app.stop());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  await app.start();
  for (const line of app.welcome(Date.now() - startedAt)) console.log(line);
}

async function leave(stop: () => Promise<void>): Promise<void> {
  const deadline = setTimeout(() => process.exit(0), GRACE_MS);
  deadline.unref();
  try {
    await stop();
    process.exit(0);
  } catch (error) {
    console.error(explain(error));
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
