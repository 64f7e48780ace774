import { Button, Select, TextInput } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { channel as channelSchema } from '../../../src/contracts/common.ts';
import {
  interaction as interactionSchema,
  interactionState,
  type InteractionView,
} from '../../../src/contracts/interaction.ts';
import { useFormat, useServices, useSignedIn, useText } from '../app/context.tsx';
import { listOf } from '../session/api.ts';
import { queueName } from '../session/queues.ts';
import { useDone } from '../ui/Done.tsx';
import { Link } from '../ui/Link.tsx';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { Table } from '../ui/Table.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { apiQuery, filterIn, pathOf, type ContactsFilter, type FilterName } from './contacts-filter.ts';
import { subjects } from './finish.ts';
import { WhoAndWhat } from './WhoAndWhat.tsx';
import { stateOf } from './names.ts';

interface Page {
  items: InteractionView[];
  nextCursor: string | null;
}

/** Every contact that this person may see, narrowed by day, person, queue, reason, channel and state. */
export function ContactsPage() {
  const t = useText();
  const { router, api } = useServices();
  const filter = filterIn(useStore(router.place).query);
  const key = pathOf(filter);
  const page = (cursor: string | null): Promise<Page> =>
    api.get(`/api/v1/interactions${apiQuery(filter, cursor)}`, listOf(interactionSchema));
  const { state, reload } = useLoad(key, () => page(null));
  const change = (name: FilterName, value: string | null): void =>
    router.replace(pathOf({ ...filter, [name]: value ?? '' }));
  return (
    <div className="page" data-testid="contacts-page">
      <h1 style={{ fontSize: 20, margin: '0 0 10px' }}>{t.nav.contacts}</h1>
      <Filters filter={filter} onChange={change} onClear={() => router.replace('/contatos')} />
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.kind === 'ready' ? <Found key={key} first={state.data} more={page} /> : null}
    </div>
  );
}

interface FiltersProps {
  filter: ContactsFilter;
  onChange: (name: FilterName, value: string | null) => void;
  onClear: () => void;
}

function Filters({ filter, onChange, onClear }: FiltersProps) {
  const t = useText();
  const { people, queues } = useSignedIn();
  const persons = Object.values(useStore(people.store));
  const choices: readonly [FilterName, { value: string; label: string }[]][] = [
    ['agent', persons.map((one) => ({ value: one.agentId, label: one.name }))],
    ['queue', useStore(queues.list).map((one) => ({ value: one.key, label: one.name }))],
    ['channel', channelSchema.options.map((one) => ({ value: one, label: t.channels[one] }))],
    ['state', interactionState.options.map((one) => ({ value: one, label: t.states[one] }))],
    ['disposition', dispositions(t.finish.disposition)],
    [
      'direction',
      (['inbound', 'outbound'] as const).map((one) => ({ value: one, label: t.contacts.directions[one] })),
    ],
  ];
  return (
    <div className="row wrap" style={{ marginBottom: 12, alignItems: 'flex-end', rowGap: 8 }}>
      <TextInput
        size="xs"
        type="date"
        label={t.contacts.day}
        value={filter.day ?? ''}
        onChange={(event) => onChange('day', event.currentTarget.value)}
      />
      {choices.map(([name, data]) => (
        <Select
          key={name}
          label={t.contacts[name]}
          placeholder={t.contacts.any}
          clearable
          searchable={data.length > 8}
          w={name === 'disposition' ? 220 : 150}
          data={data}
          value={filter[name] ?? null}
          onChange={(value) => onChange(name, value)}
        />
      ))}
      {Object.keys(filter).length > 0 ? (
        <Button variant="default" onClick={onClear}>
          {t.contacts.clear}
        </Button>
      ) : null}
    </div>
  );
}

const dispositions = (say: (value: string) => string): { value: string; label: string }[] =>
  subjects.flatMap(({ key, reasons }) =>
    reasons.map((reason) => ({ value: `${key}.${reason}`, label: say(`${key}.${reason}`) })),
  );

function Found({ first, more }: { first: Page; more: (cursor: string | null) => Promise<Page> }) {
  const t = useText();
  const [pages, setPages] = useState<readonly Page[]>([first]);
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const cursor = pages.at(-1)?.nextCursor ?? null;
  const items = pages.flatMap((page) => page.items);
  const load = async (): Promise<void> => {
    setBusy(true);
    await done.run(
      t,
      more(cursor).then((page) => setPages((before) => [...before, page])),
    );
    setBusy(false);
  };
  if (items.length === 0)
    return (
      <Empty icon={<IconListSearch size={34} stroke={1.3} />} title={t.contacts.nothingTitle}>
        {t.contacts.nothing}
      </Empty>
    );
  return (
    <>
      <ContactsTable items={items} />
      <div className="row" style={{ justifyContent: 'center', marginTop: 10 }}>
        {done.note}
        {cursor === null ? (
          <span className="dim3">{t.contacts.all(items.length)}</span>
        ) : (
          <Button variant="default" loading={busy} onClick={() => void load()}>
            {t.desk.loadMore}
          </Button>
        )}
      </div>
    </>
  );
}

function ContactsTable({ items }: { items: readonly InteractionView[] }) {
  const t = useText();
  const format = useFormat();
  const queues = useStore(useSignedIn().queues.list);
  return (
    <Table
      label={t.nav.contacts}
      heads={[
        t.contacts.arrived,
        t.contacts.who,
        t.contacts.state,
        t.contacts.queue,
        t.contacts.agent,
        t.contacts.disposition,
      ]}
    >
      {items.map((one) => (
        <tr key={one.id} data-testid="contact-row">
          <td className="num">{format.dateTime(one.timestamps.arrivedAt)}</td>
          <td className="fill">
            <Link
              to={`/contatos/${encodeURIComponent(one.id)}`}
              className="row ring"
              style={{ color: 'inherit', textDecoration: 'none' }}
            >
              <WhoAndWhat one={one} name="strong" />
            </Link>
          </td>
          <td>
            <span className={`tag ${one.state === 'queued' ? 'warn' : ''}`}>{stateOf(t, one)}</span>
          </td>
          <td>{queueName(queues, one.queue)}</td>
          <td style={{ whiteSpace: 'nowrap' }}>{one.agent?.name ?? '—'}</td>
          <td>{one.disposition === null ? '—' : t.finish.disposition(one.disposition)}</td>
        </tr>
      ))}
    </Table>
  );
}
