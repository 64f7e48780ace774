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
  readonly companies: () => readonly { readonly _id: string }[];
  readonly trunks: (companyId: string) => Board['trunks'];
}

/** The supervisor's board over the core, the trunks and the engines' health. */
export function createLiveBoard(deps: Deps): LiveBoard {
  const { core, clock, health } = deps;
  let engines: Board['engines'] = [];
  let timer: Timer | undefined;
  const board = createBoard({
    contacts: core.interactions,
    agents: core.agents,
    queues: core.queues,
    router: core.router,
    clock,
    publisher: deps.publisher,
    trunks: deps.trunks,
    engines: () => engines,
  });
  const touchAll = () => {
    for (const { _id } of deps.companies()) board.touch(_id);
  };
  const look = async (): Promise<void> => {
    const seen = (await health.report()).engines.map(({ name, ok, detail }) => ({ name, ok, detail }));
    const changed = JSON.stringify(seen) !== JSON.stringify(engines);
    engines = seen;
    if (changed) touchAll();
  };
  const plan = (): void => {
    // A look that fails is repeated like any other; the health lines themselves never reject.
    timer = clock.after(LOOK_MS, () => void look().finally(plan));
  };
  void look().finally(plan);
  // A call came or went: channels in use changed.
  core.interactions.onChange((interaction) => {
    if (interaction.channel === 'voice') board.touch(interaction.companyId);
  });
  return {
    ...board,
    stop() {
      timer?.cancel();
      timer = undefined;
      board.stop();
    },
  };
}
