import type { Product } from './product.ts';
import { type Asker, asking, type Side } from './two-companies.ts';
import { type Attempt, type Row, walls } from './walls-table.ts';

/** One request as this person. */
export async function askAs(
  product: Product,
  asker: Asker,
  method: string,
  { path, body }: Pick<Attempt, 'path' | 'body'>,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${asker.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

const LISTS = ['users', 'queues', 'dids', 'trunks', 'calendars', 'company', 'mailboxes', 'api-keys'];

/** What the target's own administrator finds: the same before and after. */
export async function standing(product: Product, { admin, held, waiting, ids }: Side) {
  const read = asking(product, admin.token);
  const agents = await read<{ items: { agentId: string }[] }>('GET', '/agents');
  const contacts = [held.id, waiting.id].map(async (id) => {
    const { context: _ages, ...contact } = await read('GET', `/interactions/${id}`);
    return contact;
  });
  return {
    settings: await Promise.all(LISTS.map((list) => read('GET', `/admin/${list}`))),
    aside: await read('GET', '/admin/mailboxes/set-aside'),
    protocol: await read('GET', `/protocols/${held.protocol}`),
    norte: agents.items.find(({ agentId }) => agentId === ids.user),
    contacts: await Promise.all(contacts),
  };
}

/** By what one would know the target's things; a neighbour may know the settings of the company. */
export function traces({ canary, north, held, waiting, upload, ids }: Side, stranger: boolean): string[] {
  const work = [north, held.id, held.file, held.message, waiting.id, upload];
  const { queue: _key, ...rest } = ids;
  return stranger ? [canary, ...work, ...Object.values(rest)] : work;
}

interface Line {
  readonly action: string;
  readonly data: object;
  readonly target: { readonly kind: string; readonly id: string };
}

/**
 * A company's audit log tells what its own people asked for, by whatever ids they made up: that is no trace of what they asked about.
 * Whoever installed the server knows the names of its companies.
 */
export function withoutQuestions(path: string, text: string, installer: boolean): string {
  if (!path.startsWith('/admin/audit') || !text.startsWith('{"items"')) return text;
  const { items } = JSON.parse(text) as { items: Line[] };
  const asked = /\.(list|search|read)$/;
  return JSON.stringify(
    items.map((line) => ({
      ...line,
      ...(asked.test(line.action) ? { data: {} } : {}),
      ...(installer && line.target.kind === 'company' ? { target: { id: line.target.id } } : {}),
    })),
  );
}

export interface Walk {
  readonly target: Side;
  /** The company of those who ask: the target's own, when it is about queues. */
  readonly from: Side;
  readonly askers: readonly Asker[];
  readonly stranger: boolean;
  /** Operations that are walked; all by default. */
  readonly only?: (operation: string) => boolean;
}

/** Tries every way in; answers the doors that stood open. */
export async function walk(
  product: Product,
  { target, from, askers, stranger, only }: Walk,
): Promise<string[]> {
  const open: string[] = [];
  const marks = traces(target, stranger);
  for (const [operation, row] of Object.entries(walls).filter(([name]) => only?.(name) ?? true))
    for (const asker of askers.filter((one) => !passes(row, one, { target, from, stranger })))
      for (const attempt of row.tries(target, from))
        for (const method of methodsOf(operation)) {
          const { status, text } = await askAs(product, asker, method, attempt);
          const told = withoutQuestions(attempt.path, text, from.company === 'exemplo');
          const shown = marks.filter((mark) => told.includes(mark));
          if (status < 500 && shown.length === 0 && isRefusal(status, row, attempt, stranger)) continue;
          open.push(
            `${asker.name}: ${method} ${attempt.path} → ${status} ${shown.join()} ${text.slice(0, 200)}`,
          );
        }
  return open;
}

/** HEAD is GET by another name. */
function methodsOf(operation: string): readonly string[] {
  const [method = ''] = operation.split(' ');
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

/** Whom the door is for, after all. */
function passes(
  { wall }: Row,
  asker: Asker,
  { target, from, stranger }: Pick<Walk, 'target' | 'from' | 'stranger'>,
): boolean {
  if (wall === 'house') return from.company === 'exemplo' && [from.admin, from.key].includes(asker);
  if (wall === 'names') return !stranger;
  return wall === 'company' && (!stranger || target.customer === 'none');
}

function isRefusal(status: number, { wall }: Row, { no }: Attempt, stranger: boolean): boolean {
  const own = wall === 'own' || wall === 'names' || (wall === 'demand' && stranger);
  if (own && (no === undefined || !stranger)) return true;
  return [403, 404, ...(no ?? [])].includes(status);
}
