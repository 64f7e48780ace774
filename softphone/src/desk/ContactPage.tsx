import { useEffect, useState } from 'react';
import { useServices, useSignedIn } from '../app/context.tsx';
import { Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { useLoad } from '../ui/useLoad.ts';
import { ContactPane } from './ContactPane.tsx';
import { CustomerFile } from './CustomerFile.tsx';
import { interactionDetail } from './desk-store.ts';

/** One contact by its address: past ones, and those that a supervisor opens from the board. */
export function ContactPage({ id }: { id: string }) {
  const { api } = useServices();
  const { desk } = useSignedIn();
  const [known, setKnown] = useState(false);
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
    <div className="desk" style={{ gridTemplateColumns: 'minmax(420px, 1fr) minmax(290px, 348px)' }}>
      <ContactPane interaction={one} />
      <aside className="side right">
        <CustomerFile interaction={one} />
      </aside>
    </div>
  );
}
