import type { Clock, Timer } from '../shared/clock.ts';
import type { Health } from '../platform/http/index.ts';
import type { Publisher } from '../platform/realtime/index.ts';
import { createBoard, type LiveBoard } from '../supervision/index.ts';
import type { Board } from '../contracts/realtime.ts';
import type { Core } from './core.ts';

/** Engines are asked this often, ms; the board shows the last answers. */
const LOOK_MS = 5_000;

interface Deps {
  readonly core: Core;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly health: Health;
  /** Oldest first: the first is that of whoever installed the server. */
  readonly companies: () => readonly { readonly _id: string }[];
  readonly trunks: (companyId: string) => Board['trunks'];
}

/** The supervisor's board over the core, the trunks and the engines' health. */
export function createLiveBoard(deps: Deps): LiveBoard {
  const { core, clock, health } = deps;
  let engines: Board['engines'] = [];
  let timer: Timer | undefined;
  let stopped = false;
  const board = createBoard({
    contacts: core.interactions,
    agents: core.agents,
    queues: core.queues,
    router: core.router,
    day: core.day,
    clock,
    publisher: deps.publisher,
    trunks: deps.trunks,
    // The engines are the server's, not a guest's: their addresses and faults are for whoever runs it.
    engines: (companyId) => (deps.companies()[0]?._id === companyId ? engines : []),
  });
  const touchHost = () => {
    const host = deps.companies()[0];
    if (host !== undefined) board.touch(host._id);
  };
  const look = async (): Promise<void> => {
    const seen = (await health.report()).engines.map(({ name, ok, detail, facts }) => ({
      name,
      ok,
      detail,
      facts: [...facts],
    }));
    const changed = JSON.stringify(seen) !== JSON.stringify(engines);
    engines = seen;
    if (changed) touchHost();
  };
  // The health lines themselves never reject. A look that was under way at the stop plans no further one.
  const keepLooking = (): void =>
    void look().finally(() => {
      if (!stopped) timer = clock.after(LOOK_MS, keepLooking);
    });
  keepLooking();
  // A call came or went: channels in use changed.
  core.interactions.onChange((interaction) => {
    if (interaction.channel === 'voice') board.touch(interaction.companyId);
  });
  return {
    ...board,
    stop() {
      stopped = true;
      timer?.cancel();
      board.stop();
    },
  };
}
