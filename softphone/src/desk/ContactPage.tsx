import { useEffect, useState } from 'react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { useLoad } from '../ui/useLoad.ts';
import { ContactPane } from './ContactPane.tsx';
import { CustomerFile } from './CustomerFile.tsx';
import { FileTab } from './FileTab.tsx';
import { interactionDetail } from './desk-refresh.ts';

/** One contact by its address: past ones, and those that a supervisor opens from the board. */
export function ContactPage({ id }: { id: string }) {
  const { api } = useServices();
  const { desk } = useSignedIn();
  const t = useText();
  const [known, setKnown] = useState(false);
  const [fileOpen, setFileOpen] = useState(false);
  const { state, reload } = useLoad(id, () =>
    api.get(`/api/v1/interactions/${encodeURIComponent(id)}`, interactionDetail),
  );
  const work = useStore(desk.work);
  useEffect(() => {
    if (state.kind !== 'ready') return;
    desk.show(state.data);
    setKnown(true);
  }, [state, desk]);
  const missing = work.loaded && work.interactions[id] === undefined;
  useEffect(() => {
    // A list of the desk's own work does not name it: it is asked for again, and what is shown stays meanwhile.
    if (known && missing) void desk.refresh(id);
  }, [known, missing, desk, id]);
  if (state.kind === 'failed') return <Failed error={state.error} onRetry={reload} />;
  const one = work.interactions[id] ?? state.data?.interaction;
  if (!known || !one) return <Waiting />;
  return (
    <div
      className="desk alone"
      data-file={fileOpen ? 'open' : 'closed'}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && fileOpen) setFileOpen(false);
      }}
    >
      <ContactPane interaction={one} />
      <FileTab opened={fileOpen} onToggle={() => setFileOpen(!fileOpen)} />
      <aside id="customer-file" className="side right" aria-label={t.file.title} tabIndex={0}>
        <CustomerFile interaction={one} />
      </aside>
    </div>
  );
}
