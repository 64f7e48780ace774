import { IconHeadset } from '@tabler/icons-react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { useActions } from '../app/actions.ts';
import { Empty, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { ContactPane } from './ContactPane.tsx';
import { CustomerFile } from './CustomerFile.tsx';
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
  useActions(actions, { nextWork: step(1), previousWork: step(-1) });
  const chosen = work.selected === null ? undefined : work.interactions[work.selected];
  if (!work.loaded) return <Waiting />;
  return (
    <div className="desk">
      <aside className="side left" aria-label={t.desk.myWork}>
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
      <aside className="side right" aria-label={t.file.title}>
        {chosen ? (
          <CustomerFile key={chosen.id} interaction={chosen} />
        ) : (
          <Empty title={t.file.noneTitle}>{t.file.none}</Empty>
        )}
      </aside>
    </div>
  );
}
