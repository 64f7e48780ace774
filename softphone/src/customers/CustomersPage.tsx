import { TextInput } from '@mantine/core';
import { IconSearch, IconUserSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import {
  interaction as interactionSchema,
  type InteractionView,
} from '../../../src/contracts/interaction.ts';
import { useFormat, useServices, useText } from '../app/context.tsx';
import { nameOf, stateOf } from '../desk/names.ts';
import { listOf, query as queryOf } from '../session/api.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Form } from '../ui/Form.tsx';
import { phoneText, protocolText } from '../ui/format.ts';
import { Link } from '../ui/Link.tsx';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { Table } from '../ui/Table.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { FoundBy, Marked } from './Marked.tsx';
import { customerView, protocolIn, protocolView, type Customer, type Protocol } from './customers.ts';

interface Findings {
  customers: readonly Customer[];
  protocols: readonly Protocol[];
  contacts: readonly InteractionView[];
}
const nothing: Findings = { customers: [], protocols: [], contacts: [] };

export function CustomersPage() {
  const t = useText();
  const { router, api } = useServices();
  const { query } = useStore(router.place);
  const search = new URLSearchParams(query).get('q') ?? '';
  const [value, setValue] = useState(search);
  useEffect(() => setValue(search), [search]);
  const { state, reload } = useLoad(search, async (): Promise<Findings> => {
    if (search === '') return nothing;
    const protocol = protocolIn(search);
    const customers = api.get(`/api/v1/customers${queryOf({ q: search, limit: 50 })}`, listOf(customerView));
    if (protocol === null) return { ...nothing, customers: (await customers).items };
    const [found, protocols, contacts] = await Promise.all([
      customers,
      api.get(`/api/v1/protocols${queryOf({ number: protocol })}`, listOf(protocolView)),
      api.get(`/api/v1/interactions${queryOf({ protocol })}`, listOf(interactionSchema)),
    ]);
    return { customers: found.items, protocols: protocols.items, contacts: contacts.items };
  });
  const submit = (): void => {
    router.go(`/clientes${queryOf({ q: value.trim() })}`);
  };
  return (
    <div className="page">
      <h1 className="visually-hidden">{t.nav.customers}</h1>
      <Form role="search" aria-label={t.nav.customers} send={submit}>
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
      </Form>
      <div style={{ marginTop: 14 }}>
        {state.kind === 'loading' ? <Waiting /> : null}
        {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
        {state.kind === 'ready' ? <Found search={search} found={state.data} /> : null}
      </div>
    </div>
  );
}

function Found({ search, found }: { search: string; found: Findings }) {
  const t = useText();
  const icon = <IconUserSearch size={34} stroke={1.3} />;
  if (search === '')
    return (
      <Empty icon={icon} title={t.search.startTitle}>
        {t.search.start}
      </Empty>
    );
  if (found.customers.length + found.protocols.length + found.contacts.length === 0)
    return (
      <Empty icon={icon} title={t.search.nothingTitle}>
        {t.search.nothing}
      </Empty>
    );
  return (
    <>
      {found.protocols.map((one) => (
        <ProtocolCard key={one.number} protocol={one} contacts={found.contacts} />
      ))}
      {found.customers.length > 0 ? <CustomerTable customers={found.customers} search={search} /> : null}
    </>
  );
}

function ProtocolCard({ protocol, contacts }: { protocol: Protocol; contacts: readonly InteractionView[] }) {
  const t = useText();
  const format = useFormat();
  return (
    <div className="panel" style={{ marginBottom: 14, padding: '10px 14px' }}>
      <div className="row">
        <span className="label">{t.desk.protocol}</span>
        <strong className="mono number">{protocolText(protocol.number)}</strong>
        <span className="dim num">
          {protocol.openedAt === undefined ? '' : format.dateTime(protocol.openedAt)}
        </span>
        {protocol.customer ? (
          <Link
            to={`/clientes/${encodeURIComponent(protocol.customer.id)}`}
            style={{ color: 'var(--accent)' }}
          >
            {protocol.customer.name}
          </Link>
        ) : null}
      </div>
      {contacts.map((one) => (
        <Link
          key={one.id}
          to={`/contatos/${encodeURIComponent(one.id)}`}
          className="card"
          style={{ color: 'inherit', textDecoration: 'none' }}
        >
          <span className="row">
            <ChannelIcon channel={one.channel} />
            <span className="num">{format.dateTime(one.timestamps.arrivedAt)}</span>
            <span className="clip">{nameOf(t, one)}</span>
            <span className="tag">{stateOf(t, one)}</span>
            <span className="clip dim grow">
              {one.disposition === null ? (one.subject ?? '') : t.finish.disposition(one.disposition)}
            </span>
          </span>
        </Link>
      ))}
    </div>
  );
}

function CustomerTable({ customers, search }: { customers: readonly Customer[]; search: string }) {
  const t = useText();
  const { router } = useServices();
  const path = (one: Customer): string => `/clientes/${encodeURIComponent(one.id)}`;
  return (
    <Table
      label={t.nav.customers}
      heads={[
        t.file.fields.name,
        t.file.fields.document,
        t.file.fields.phones,
        t.file.fields.district,
        t.search.foundBy,
      ]}
    >
      {customers.map((one) => (
        <tr key={one.id} className="click" onClick={() => router.go(path(one))}>
          <td>
            <Link to={path(one)} style={{ color: 'inherit', fontWeight: 600, textDecoration: 'none' }}>
              <Marked text={one.name} search={search} />
            </Link>
          </td>
          <td className="num">{one.documentMasked}</td>
          <td className="num">{one.phones.map(phoneText).join(', ')}</td>
          <td>{one.district ?? ''}</td>
          <td>
            <FoundBy matched={one.matched} search={search} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
