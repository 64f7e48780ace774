import { Button, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useServices, useText } from '../app/context.tsx';
import { usePageName } from '../app/title.ts';
import type { Dictionary } from '../i18n/index.ts';
import { listOf } from '../session/api.ts';
import { queueSchema } from '../session/queues.ts';
import { useDone } from '../ui/Done.tsx';
import { Link } from '../ui/Link.tsx';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { useLoad } from '../ui/useLoad.ts';
import { AdminForm } from './AdminForm.tsx';
import { AdminTable } from './AdminTable.tsx';
import { ApiKeysPage } from './ApiKeysPage.tsx';
import { AuditPage } from './AuditPage.tsx';
import { CompaniesPage } from './CompaniesPage.tsx';
import { CompanyPage } from './CompanyPage.tsx';
import type { Row } from './form.ts';
import { SetAsidePage } from './SetAsidePage.tsx';
import { TrunkState } from './TrunkState.tsx';
import { Unlock } from './Unlock.tsx';
import { isSection, resources, sections, type Section } from './resources.ts';

const rowSchema: z.ZodType<Row> = z.record(z.string(), z.unknown());

/** Pages of their own beside the kinds of setting, in the order of the menu; `empresas` is for those who installed the server. */
const pages = {
  empresa: CompanyPage,
  empresas: CompaniesPage,
  'emails-separados': SetAsidePage,
  chaves: ApiKeysPage,
  auditoria: AuditPage,
} as const;
const isPage = (text: string): text is keyof typeof pages => text in pages;

const titles = (t: Dictionary): Readonly<Record<Section | keyof typeof pages, string>> => ({
  ...t.admin.sections,
  empresa: t.company.title,
  empresas: t.companies.title,
  'emails-separados': t.mail.aside.title,
  chaves: t.apiKeys.title,
  auditoria: t.audit.title,
});

export function AdminPage({ section }: { section: string }) {
  const t = useText();
  const { session } = useServices();
  const me = useStore(session.state);
  const installer = me.kind === 'signedIn' && me.user.installer === true;
  const names = titles(t);
  const menu = ['empresa', 'empresas', ...sections, 'emails-separados', 'chaves', 'auditoria'] as const;
  const shown = menu.filter((one) => one !== 'empresas' || installer);
  const here = shown.find((one) => one === section);
  usePageName(here === undefined ? t.common.notFoundTitle : names[here]);
  return (
    <div className="admin">
      <nav className="side left" aria-label={t.nav.admin}>
        {shown.map((one) => (
          <Link
            key={one}
            to={`/administracao/${one}`}
            className="card"
            aria-current={one === section ? 'true' : undefined}
            style={{ color: 'inherit', textDecoration: 'none', fontWeight: one === section ? 600 : 400 }}
          >
            {names[one]}
          </Link>
        ))}
      </nav>
      <AdminBody section={here ?? ''} />
    </div>
  );
}

function AdminBody({ section }: { section: string }) {
  const t = useText();
  if (isSection(section)) return <SectionPage key={section} section={section} />;
  if (!isPage(section)) return <Empty title={t.common.notFoundTitle}>{t.common.notFound}</Empty>;
  const Body = pages[section];
  return <Body />;
}

function SectionPage({ section }: { section: Section }) {
  const t = useText();
  const { api } = useServices();
  const resource = resources[section];
  const [editing, setEditing] = useState<{ row: Row | null } | null>(null);
  const [inactive, setInactive] = useState(false);
  const path = `/api/v1/admin/${resource.path}`;
  const { state, reload } = useLoad(section, () => api.get(`${path}?limit=200`, listOf(rowSchema)));
  const calendars = useLoad(`calendars of ${section}`, async () =>
    section === 'filas'
      ? (await api.get('/api/v1/admin/calendars?limit=200', listOf(queueSchema))).items
      : [],
  );
  const done = useDone();
  /** Rows that were changed here stay where they are until the list is asked for anew: the next press must not hit a neighbour. */
  const [changed, setChanged] = useState<string | null>(null);
  const [staying, setStaying] = useState<ReadonlySet<string>>(new Set());
  const idOf = (row: Row): string => String(row[resource.id]);
  const toggle = async (row: Row): Promise<void> => {
    const id = idOf(row);
    const active = row['active'] === false;
    setChanged(id);
    setStaying((now) => new Set(now).add(id));
    const sent = api.send('PATCH', `${path}/${encodeURIComponent(id)}`, { active }, z.unknown());
    if (await done.run(t, sent, active ? t.admin.activated : t.admin.deactivated)) reload();
  };
  const rows = (state.data?.items ?? []).filter(
    (row) => inactive || row['active'] !== false || staying.has(idOf(row)),
  );
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
            label={t.admin.sections[section]}
            resource={resource}
            rows={rows}
            calendars={calendars.state.data ?? []}
            onEdit={(row) => setEditing({ row })}
            onToggle={(row) => void toggle(row)}
            {...(section === 'usuarios' ? { more: (row) => <Unlock row={row} onDone={reload} /> } : {})}
            {...(section === 'troncos'
              ? { live: { head: t.trunks.now, cell: (row) => <TrunkState row={row} asked={state} /> } }
              : {})}
            note={(id) => (id === (editing === null ? changed : null) ? done.note : null)}
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
            setChanged(editing.row === null ? null : idOf(editing.row));
            setEditing(null);
            done.tell(t.admin.saved);
            reload();
          }}
        />
      ) : null}
    </div>
  );
}
