import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { auditActs } from '../../../src/contracts/audit.ts';
import { useFormat, useServices, useSignedIn, useText } from '../app/context.tsx';
import type { Dictionary } from '../i18n/index.ts';
import { listOf, query } from '../session/api.ts';
import { Link } from '../ui/Link.tsx';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { Table } from '../ui/Table.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { auditDetails, targetOf, type Names } from './audit-details.ts';

const entrySchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({
    kind: z.enum(['user', 'apiKey', 'system']),
    name: z.string(),
    address: z.string().optional(),
  }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }),
  data: z.record(z.string(), z.unknown()).default({}),
});
type Entry = z.infer<typeof entrySchema>;

const PAGE = 50;

/** Who did what, when; newest first. */
export function AuditPage() {
  const t = useText();
  const { api } = useServices();
  const [action, setAction] = useState('');
  const [target, setTarget] = useState('');
  const [actsOnly, setActsOnly] = useState(true);
  const [older, setOlder] = useState<readonly string[]>([]);
  const cursor = older.at(-1);
  const names = useNames();
  // Looks are most of the log: what was done drowns in them. A named act says itself what it is.
  const kind = actsOnly && action === '' ? 'act' : undefined;
  const filter = { limit: String(PAGE), kind, action, target: targetOf(names, target), cursor };
  const { state, reload } = useLoad(`audit ${JSON.stringify(filter)}`, () =>
    api.get(`/api/v1/admin/audit${query(filter)}`, listOf(entrySchema)),
  );
  const entries = state.data?.items ?? [];
  const next = state.data?.nextCursor ?? null;
  const narrow = (set: (text: string) => void) => (text: string) => {
    set(text);
    setOlder([]);
  };
  return (
    <div className="page" data-testid="admin-auditoria">
      <h1 style={{ fontSize: 20, margin: '0 0 12px' }}>{t.audit.title}</h1>
      <div className="row wrap" style={{ marginBottom: 12, alignItems: 'flex-end' }}>
        <Select
          size="sm"
          label={t.audit.action}
          searchable
          clearable
          placeholder={t.audit.allActs}
          data={auditActs.map((value) => ({ value, label: t.audit.acts[value] }))}
          value={action === '' ? null : action}
          onChange={(chosen) => narrow(setAction)(chosen ?? '')}
          w={300}
        />
        <TextInput
          label={t.audit.target}
          placeholder={t.audit.targetHelp}
          w={300}
          value={target}
          onChange={(event) => narrow(setTarget)(event.currentTarget.value)}
        />
        <Checkbox
          label={t.audit.actsOnly}
          mb={6}
          checked={kind === 'act'}
          disabled={action !== ''}
          onChange={(event) => {
            setActsOnly(event.currentTarget.checked);
            setOlder([]);
          }}
        />
      </div>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.kind === 'ready' && entries.length === 0 ? <Empty title={t.audit.empty} /> : null}
      {entries.length === 0 ? null : <Entries entries={entries} names={names} />}
      <div className="row" style={{ marginTop: 10 }}>
        <Button variant="default" disabled={older.length === 0} onClick={() => setOlder(older.slice(0, -1))}>
          {t.audit.newer}
        </Button>
        <Button
          variant="default"
          disabled={next === null}
          onClick={() => setOlder([...older, ...(next === null ? [] : [next])])}
        >
          {t.audit.older}
        </Button>
      </div>
    </div>
  );
}

function useNames(): Names {
  const { queues, people } = useSignedIn();
  return { queues: useStore(queues.list), people: useStore(people.store) };
}

function Entries({ entries, names }: { entries: readonly Entry[]; names: Names }) {
  const t = useText();
  const format = useFormat();
  return (
    <Table
      label={t.audit.title}
      heads={[t.audit.when, t.audit.who, t.audit.action, t.audit.target, t.audit.details]}
    >
      {entries.map((entry) => (
        <tr key={entry.id}>
          <td className="num" style={{ whiteSpace: 'nowrap' }}>
            <time dateTime={entry.at}>{format.dateTime(entry.at)}</time>
          </td>
          <td style={{ minWidth: 104 }}>
            <strong>{entry.actor.kind === 'system' ? t.audit.system : entry.actor.name}</strong>
            {entry.actor.address === undefined ? null : <div className="dim3">{entry.actor.address}</div>}
          </td>
          <td>
            {wordOf(t, entry.action)}
            <div className="dim3">{entry.action}</div>
          </td>
          <td>
            <Target target={entry.target} />
          </td>
          <td style={{ overflowWrap: 'anywhere', minWidth: 120, maxWidth: 320 }}>
            {auditDetails(t, names, entry.data)}
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Lines of older versions may have acts that are no longer done: these stand as they are. */
const wordOf = (t: Dictionary, action: string): string =>
  (t.audit.acts as Readonly<Record<string, string>>)[action] ?? action;

/** What people call it; what has no name of its own is told by its id. A contact and a customer can be opened. */
function Target({ target: { kind, id, name } }: { target: Entry['target'] }) {
  const t = useText();
  const word = (t.audit.targets as Readonly<Record<string, string>>)[kind] ?? kind;
  if (id === '-') return <>{word}</>;
  const page = PAGES[kind];
  const shown = name ?? id;
  return (
    <>
      <div className="dim3">{word}</div>
      {page === undefined || name === undefined ? (
        <span style={{ overflowWrap: 'anywhere' }}>{shown}</span>
      ) : (
        <Link className="target" to={page + encodeURIComponent(id)} style={{ color: 'var(--accent)' }}>
          {shown}
        </Link>
      )}
    </>
  );
}

const PAGES: Readonly<Record<string, string>> = { interaction: '/contatos/', customer: '/clientes/' };
