import { TextInput } from '@mantine/core';
import { IconSearch, IconUserSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useFormat, useServices, useText } from '../app/context.tsx';
import { listOf, query as queryOf } from '../session/api.ts';
import { phoneText, protocolText } from '../ui/format.ts';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { useLoad } from '../ui/useLoad.ts';
import { customerView, protocolIn, protocolView, type Customer, type Protocol } from './customers.ts';

export function CustomersPage() {
  const t = useText();
  const { router, api } = useServices();
  const { query } = useStore(router.place);
  const search = new URLSearchParams(query).get('q') ?? '';
  const [value, setValue] = useState(search);
  useEffect(() => setValue(search), [search]);
  const { state, reload } = useLoad(
    search,
    async (): Promise<{ customers: Customer[]; protocols: Protocol[] }> => {
      if (search === '') return { customers: [], protocols: [] };
      const number = protocolIn(search);
      const [customers, protocols] = await Promise.all([
        api.get(`/api/v1/customers${queryOf({ q: search, limit: 50 })}`, listOf(customerView)),
        number === null
          ? { items: [] }
          : api.get(`/api/v1/protocols${queryOf({ number })}`, listOf(protocolView)),
      ]);
      return { customers: customers.items, protocols: protocols.items };
    },
  );
  return (
    <div className="page">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          router.go(`/clientes${queryOf({ q: value.trim() })}`);
        }}
      >
        <TextInput
          size="md"
          maw={620}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          leftSection={<IconSearch size={17} />}
          placeholder={t.search.long}
          aria-label={t.search.long}
          type="search"
        />
      </form>
      {state.kind === 'loading' ? (
        <div style={{ marginTop: 40 }}>
          <Waiting />
        </div>
      ) : null}
      {state.kind === 'failed' ? (
        <div style={{ marginTop: 40 }}>
          <Failed error={state.error} onRetry={reload} />
        </div>
      ) : null}
      {state.kind === 'ready' ? <Found search={search} {...state.data} /> : null}
    </div>
  );
}

function Found({
  search,
  customers,
  protocols,
}: {
  search: string;
  customers: readonly Customer[];
  protocols: readonly Protocol[];
}) {
  const t = useText();
  const format = useFormat();
  const { router } = useServices();
  if (search === '')
    return (
      <div style={{ marginTop: 50 }}>
        <Empty icon={<IconUserSearch size={34} stroke={1.3} />} title={t.search.startTitle}>
          {t.search.start}
        </Empty>
      </div>
    );
  if (customers.length + protocols.length === 0)
    return (
      <div style={{ marginTop: 50 }}>
        <Empty icon={<IconUserSearch size={34} stroke={1.3} />} title={t.search.nothingTitle}>
          {t.search.nothing}
        </Empty>
      </div>
    );
  return (
    <div className="panel" style={{ marginTop: 14, overflowX: 'auto' }}>
      <table className="table">
        <thead>
          <tr>
            <th>{t.file.fields.name}</th>
            <th>{t.file.fields.document}</th>
            <th>{t.file.fields.phones}</th>
            <th>{t.file.fields.district}</th>
          </tr>
        </thead>
        <tbody>
          {protocols.map((one) => (
            <tr
              key={one.number}
              className="click"
              onClick={() =>
                router.go(
                  one.customer
                    ? `/clientes/${encodeURIComponent(one.customer.id)}`
                    : `/clientes${queryOf({ q: one.number })}`,
                )
              }
            >
              <td>
                <span className="label">{t.desk.protocol}</span>{' '}
                <span className="mono">{protocolText(one.number)}</span>
              </td>
              <td>{one.customer?.name ?? '—'}</td>
              <td>{one.status ?? ''}</td>
              <td className="num">{one.openedAt === undefined ? '' : format.dateTime(one.openedAt)}</td>
            </tr>
          ))}
          {customers.map((one) => (
            <tr
              key={one.id}
              className="click"
              onClick={() => router.go(`/clientes/${encodeURIComponent(one.id)}`)}
            >
              <td>
                <a
                  href={`/clientes/${encodeURIComponent(one.id)}`}
                  onClick={(event) => event.preventDefault()}
                  style={{ color: 'inherit', fontWeight: 600, textDecoration: 'none' }}
                >
                  {one.name}
                </a>
              </td>
              <td className="num">{one.documentMasked}</td>
              <td className="num">{one.phones.map(phoneText).join(', ')}</td>
              <td>{one.district ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
