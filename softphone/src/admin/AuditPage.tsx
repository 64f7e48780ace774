import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { auditActs } from '../../../src/contracts/audit.ts';
import { useFormat, useServices, useText } from '../app/context.tsx';
import type { Dictionary } from '../i18n/index.ts';
import { listOf, query } from '../session/api.ts';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { Table } from '../ui/Table.tsx';
import { useLoad } from '../ui/useLoad.ts';

const entrySchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({
    kind: z.enum(['user', 'apiKey', 'system']),
    name: z.string(),
    address: z.string().optional(),
  }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string() }),
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
  const [older, setOlder] = useState<readonly string[]>([]);
  const cursor = older.at(-1);
  const filter = { limit: String(PAGE), action: action.trim(), target: target.trim(), cursor };
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
      <div className="row" style={{ marginBottom: 12, alignItems: 'flex-end' }}>
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
      </div>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.kind === 'ready' && entries.length === 0 ? <Empty title={t.audit.empty} /> : null}
      {entries.length === 0 ? null : <Entries entries={entries} />}
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

function Entries({ entries }: { entries: readonly Entry[] }) {
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
          <td>
            <strong>{entry.actor.kind === 'system' ? t.audit.system : entry.actor.name}</strong>
            {entry.actor.address === undefined ? null : <div className="dim3">{entry.actor.address}</div>}
          </td>
          <td>
            {wordOf(t, entry.action)}
            <div className="dim3">{entry.action}</div>
          </td>
          <td style={{ overflowWrap: 'anywhere' }}>{targetOf(t, entry.target)}</td>
          <td style={{ overflowWrap: 'anywhere', maxWidth: 320 }}>{detailsOf(entry.data)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Lines of older versions may have acts that are no longer done: these stand as they are. */
const wordOf = (t: Dictionary, action: string): string =>
  (t.audit.acts as Readonly<Record<string, string>>)[action] ?? action;

function targetOf(t: Dictionary, { kind, id }: Entry['target']): string {
  const word = (t.audit.targets as Readonly<Record<string, string>>)[kind] ?? kind;
  return id === '-' ? word : `${word} ${id}`;
}

const detailsOf = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
