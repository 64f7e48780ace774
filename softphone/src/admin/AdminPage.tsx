import { Button, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useServices, useText } from '../app/context.tsx';
import { listOf } from '../session/api.ts';
import { attempt } from '../ui/errors.ts';
import { Link } from '../ui/Link.tsx';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { AdminForm } from './AdminForm.tsx';
import { AdminTable } from './AdminTable.tsx';
import { CompanyPage } from './CompanyPage.tsx';
import type { Row } from './form.ts';
import { isSection, resources, sections, type Section } from './resources.ts';

const rowSchema: z.ZodType<Row> = z.record(z.string(), z.unknown());

/** One record, not a list of them. */
const COMPANY = 'empresa';

export function AdminPage({ section }: { section: string }) {
  const t = useText();
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '200px minmax(0, 1fr)', height: '100%' }}>
      <nav className="side left" aria-label={t.nav.admin}>
        {([COMPANY, ...sections] as const).map((one) => (
          <Link
            key={one}
            to={`/administracao/${one}`}
            className="card"
            aria-current={one === section ? 'true' : undefined}
            style={{ color: 'inherit', textDecoration: 'none', fontWeight: one === section ? 600 : 400 }}
          >
            {one === COMPANY ? t.company.title : t.admin.sections[one]}
          </Link>
        ))}
      </nav>
      {section === COMPANY ? (
        <CompanyPage />
      ) : isSection(section) ? (
        <SectionPage key={section} section={section} />
      ) : (
        <Empty title={t.common.notFoundTitle}>{t.common.notFound}</Empty>
      )}
    </div>
  );
}

function SectionPage({ section }: { section: Section }) {
  const t = useText();
  const { api } = useServices();
  const resource = resources[section];
  const [editing, setEditing] = useState<{ row: Row | null } | null>(null);
  const [inactive, setInactive] = useState(false);
  const path = `/api/v1/admin/${resource.path}`;
  const { state, reload } = useLoad(section, () => api.get(`${path}?limit=200`, listOf(rowSchema)));
  const toggle = async (row: Row): Promise<void> => {
    const id = encodeURIComponent(String(row[resource.id]));
    if (
      await attempt(t, api.send('PATCH', `${path}/${id}`, { active: row['active'] === false }, z.unknown()))
    )
      reload();
  };
  const rows = (state.data?.items ?? []).filter((row) => inactive || row['active'] !== false);
  return (
    <div className="page" data-testid={`admin-${section}`}>
      <div className="row" style={{ marginBottom: 12 }}>
        <h1 style={{ fontSize: 20, margin: 0 }}>{t.admin.sections[section]}</h1>
        <span className="grow" />
        <Switch
          size="xs"
          label={t.admin.showInactive}
          checked={inactive}
          onChange={(event) => setInactive(event.currentTarget.checked)}
        />
        <Button leftSection={<IconPlus size={15} />} onClick={() => setEditing({ row: null })}>
          {t.admin.add}
        </Button>
      </div>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.data !== null && state.kind !== 'failed' ? (
        rows.length === 0 ? (
          <Empty title={t.admin.empty} />
        ) : (
          <AdminTable
            resource={resource}
            rows={rows}
            onEdit={(row) => setEditing({ row })}
            onToggle={(row) => void toggle(row)}
          />
        )
      ) : null}
      <p className="dim3" style={{ marginTop: 10 }}>
        {t.admin.nothingDeleted}
      </p>
      {editing ? (
        <AdminForm
          section={section}
          row={editing.row}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            reload();
          }}
        />
      ) : null}
    </div>
  );
}
