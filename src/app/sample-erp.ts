import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The demo's ERP as its own small program; it ends with this process. Resolves when it listens or cannot. */
export async function startSampleErp(port: number): Promise<{ readonly ok: boolean; stop(): void }> {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = fileURLToPath(
    new URL(`../erp/sample/sample-erp.cli.${fromSource ? 'ts' : 'js'}`, import.meta.url),
  );
  const child: ChildProcess = fork(entry, [], {
    execArgv: fromSource ? ['--import', 'tsx'] : [],
    env: { PATH: '/usr/bin:/bin', SAMPLE_ERP_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ok = await new Promise<boolean>((resolve) => {
    child.once('message', () => resolve(true));
    child.once('exit', () => resolve(false));
    child.once('error', () => resolve(false));
  });
  return {
    ok,
    stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
    },
  };
}
