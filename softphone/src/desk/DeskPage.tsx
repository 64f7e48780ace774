import { IconHeadset } from '@tabler/icons-react';
import { useState } from 'react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { useActions } from '../app/actions.ts';
import { Empty, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { ContactPane } from './ContactPane.tsx';
import { CustomerFile } from './CustomerFile.tsx';
import { FileTab } from './FileTab.tsx';
import { WorkColumn } from './WorkColumn.tsx';
import { myWork } from './work.ts';

export function DeskPage() {
  const t = useText();
  const { router } = useServices();
  const { desk, actions } = useSignedIn();
  const work = useStore(desk.work);
  const step = (by: number) => (): void => {
    const ids = myWork(work).map((one) => one.id);
    if (ids.length === 0) return;
    const at = ids.indexOf(work.selected ?? '');
    desk.open(ids[(at + by + ids.length) % ids.length] ?? null);
  };
  /** Below 1,200 px the file is a drawer. */
  const [fileOpen, setFileOpen] = useState(false);
  useActions(actions, { nextWork: step(1), previousWork: step(-1) });
  const chosen = work.selected === null ? undefined : work.interactions[work.selected];
  if (!work.loaded) return <Waiting />;
  return (
    <div
      className="desk"
      data-file={fileOpen ? 'open' : 'closed'}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && fileOpen) setFileOpen(false);
      }}
    >
      <aside className="side left" aria-label={t.desk.myWork} tabIndex={0}>
        <WorkColumn work={work} />
      </aside>
      {chosen ? (
        <ContactPane key={chosen.id} interaction={chosen} />
      ) : (
        <section className="contact" style={{ display: 'block' }}>
          <Empty
            icon={<IconHeadset size={34} stroke={1.3} />}
            title={t.desk.nothingTitle[work.presence?.state ?? 'offline']}
          >
            {t.desk.nothing[work.presence?.state ?? 'offline']}{' '}
            <a
              href="/inicio"
              onClick={(event) => {
                event.preventDefault();
                router.go('/inicio');
              }}
              style={{ color: 'var(--accent)' }}
            >
              {t.desk.howToStart}
            </a>
          </Empty>
        </section>
      )}
      <FileTab opened={fileOpen} onToggle={() => setFileOpen(!fileOpen)} />
      <aside id="customer-file" className="side right" aria-label={t.file.title} tabIndex={0}>
        {chosen ? (
          <CustomerFile key={chosen.id} interaction={chosen} />
        ) : (
          <Empty title={t.file.noneTitle}>{t.file.none}</Empty>
        )}
      </aside>
    </div>
  );
}
