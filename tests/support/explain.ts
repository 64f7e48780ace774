import type { Connection } from 'mongoose';

/** A question that went to MongoDB. */
export interface Asked {
  readonly collection: string;
  readonly method: string;
  readonly filter: Record<string, unknown>;
  readonly options: { readonly sort?: Record<string, 1 | -1>; readonly limit?: number };
}

const FILTERED = /^(find|count|update|replace|delete|distinct)/;

/** Everything that is asked on this connection from now on. */
export function listen(connection: Connection): readonly Asked[] {
  const asked: Asked[] = [];
  connection.set('debug', (collection: string, method: string, ...args: unknown[]) => {
    if (!FILTERED.test(method)) return;
    const [filter, second, third] = args as [Record<string, unknown>?, object?, object?];
    const options = /^(find|count)(One|Documents)?$/.test(method) ? second : third;
    asked.push({ collection, method, filter: filter ?? {}, options: options ?? {} });
  });
  return asked;
}

interface Stage {
  readonly stage?: string;
  readonly inputStage?: Stage;
  readonly inputStages?: readonly Stage[];
  /** MongoDB's slot-based engine puts the plan one deeper. */
  readonly queryPlan?: Stage;
}

export interface Explained {
  readonly queryPlanner: { readonly winningPlan: Stage };
  readonly executionStats: { readonly nReturned: number; readonly totalDocsExamined: number };
}

function stages(stage: Stage | undefined): readonly string[] {
  if (stage === undefined) return [];
  return [
    ...(stage.stage === undefined ? [] : [stage.stage]),
    ...stages(stage.queryPlan),
    ...stages(stage.inputStage),
    ...(stage.inputStages ?? []).flatMap(stages),
  ];
}

/** What is wrong with a plan; undefined: an index serves it. Who asks for everything (no filter) may read everything. */
export function faultOf({ filter }: Asked, explained: Explained, mostInVain: number): string | undefined {
  const seen = stages(explained.queryPlanner.winningPlan);
  const { nReturned, totalDocsExamined } = explained.executionStats;
  if (Object.keys(filter).length > 0 && seen.includes('COLLSCAN')) return `reads all: ${seen.join(' < ')}`;
  if (totalDocsExamined - nReturned > mostInVain)
    return `${totalDocsExamined} looked at for ${nReturned}: ${seen.join(' < ')}`;
  return undefined;
}

/** Explains every question, each shape of it once with the values it had. */
export async function faultsOf(
  connection: Connection,
  asked: readonly Asked[],
  mostInVain: number,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const once = new Map(asked.map((one) => [JSON.stringify(one), one]));
  for (const [shape, one] of once) {
    const { sort, limit } = one.options;
    const cursor = connection.db!.collection(one.collection).find(one.filter, {
      ...(sort === undefined ? {} : { sort }),
      ...(limit === undefined ? {} : { limit }),
    });
    const fault = faultOf(one, (await cursor.explain('executionStats')) as unknown as Explained, mostInVain);
    if (fault !== undefined) faults.push(`${fault}: ${shape}`);
  }
  return faults;
}
