import { Button } from '@mantine/core';
import { IconPhonePlus } from '@tabler/icons-react';
import { customerContext } from '../../../src/contracts/context.ts';
import { usePageName } from '../app/title.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { ContextSections } from '../desk/sections/ContextSections.tsx';
import { useDone } from '../ui/Done.tsx';
import { phoneText } from '../ui/format.ts';
import { Failed, Waiting } from '../ui/states.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { customerView } from './customers.ts';
import { PastContacts } from './PastContacts.tsx';

export function CustomerPage({ id }: { id: string }) {
  const t = useText();
  const { api } = useServices();
  const { desk } = useSignedIn();
  const done = useDone();
  const path = `/api/v1/customers/${encodeURIComponent(id)}`;
  const customer = useLoad(id, () => api.get(path, customerView));
  const file = useLoad(id, () => api.get(`${path}/context?waitMs=4000`, customerContext));
  usePageName(customer.state.data?.name ?? null);
  if (customer.state.kind === 'loading') return <Waiting />;
  if (customer.state.kind === 'failed')
    return <Failed error={customer.state.error} onRetry={customer.reload} />;
  const one = customer.state.data;
  const context = file.state.data;
  return (
    <div className="page">
      <div className="row wrap" style={{ marginBottom: 14 }}>
        <h1 style={{ fontSize: 20, margin: 0 }}>{one.name}</h1>
        <span className="num dim">{one.documentMasked}</span>
        <span className="grow" />
        {done.note}
        {one.phones.map((number) => (
          <Button
            key={number}
            variant="default"
            leftSection={<IconPhonePlus size={15} />}
            onClick={() => void done.run(t, desk.call(number, null))}
          >
            {phoneText(number)}
          </Button>
        ))}
      </div>
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
          gap: 14,
          alignItems: 'start',
        }}
      >
        <div className="panel">
          {file.state.kind === 'failed' ? <Failed error={file.state.error} onRetry={file.reload} /> : null}
          {context ? (
            <ContextSections context={context} onRetry={file.reload} />
          ) : file.state.kind === 'loading' ? (
            <Waiting />
          ) : null}
        </div>
        <div className="panel">
          <PastContacts customerId={id} limit={25} />
        </div>
      </div>
    </div>
  );
}
