import { IconBarcode, IconQrcode } from '@tabler/icons-react';
import type { CustomerContext } from '../../../../src/contracts/context.ts';
import { useFormat, useText } from '../../app/context.tsx';
import { Copy } from '../../ui/Copy.tsx';
import { maskDocument, phoneText } from '../../ui/format.ts';
import { isOverdue } from '../reading.ts';
import { Section } from './Section.tsx';

type Sections = CustomerContext['sections'];
type Data<N extends keyof Sections> = NonNullable<Sections[N]['data']>;

export function ContextSections({ context, onRetry }: { context: CustomerContext; onRetry: () => void }) {
  const t = useText();
  const { customer, contracts, invoices, connection, tickets, outage } = context.sections;
  return (
    <>
      <Section title={t.file.sections.customer} value={customer} onRetry={onRetry}>
        {(data) => <Person data={data} />}
      </Section>
      <Section title={t.file.sections.connection} value={connection} onRetry={onRetry}>
        {(data) => <Connections data={data} />}
      </Section>
      <Section title={t.file.sections.invoices} value={invoices} onRetry={onRetry}>
        {(data) => <Invoices data={data} />}
      </Section>
      <Section title={t.file.sections.contracts} value={contracts} onRetry={onRetry}>
        {(data) => <Contracts data={data} />}
      </Section>
      <Section title={t.file.sections.tickets} value={tickets} onRetry={onRetry}>
        {(data) => <Tickets data={data} />}
      </Section>
      {outage.state === 'failed' || outage.state === 'stale' ? (
        <Section title={t.file.sections.outage} value={outage} onRetry={onRetry}>
          {(data) => <span className="dim">{data.map((one) => one.message).join(' · ')}</span>}
        </Section>
      ) : null}
    </>
  );
}

/** Many ERPs write the district into the address: it is not said twice. */
function addressOf({ address, district }: Data<'customer'>): string {
  if (address !== undefined && district !== undefined && address.includes(district)) return address;
  return [address, district].filter(Boolean).join(' · ');
}

function Person({ data }: { data: Data<'customer'> }) {
  const t = useText();
  const format = useFormat();
  const lines: (readonly [string, string | undefined])[] = [
    [t.file.fields.document, maskDocument(data.documentMasked)],
    [t.file.fields.phones, data.phones.map(phoneText).join(', ')],
    [t.file.fields.emails, data.emails.join(', ')],
    [t.file.fields.address, addressOf(data)],
    [t.file.fields.since, data.since === undefined ? undefined : format.date(data.since)],
  ];
  return (
    <dl className="kv">
      {lines
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Connections({ data }: { data: Data<'connection'> }) {
  const t = useText();
  const format = useFormat();
  if (data.length === 0) return <span className="dim3">{t.file.nothing}</span>;
  return data.map((one) => (
    <div key={one.login} style={{ padding: '2px 0' }}>
      <div className="row">
        <span className={`dot ${one.online ? 'good' : 'bad'}`} aria-hidden="true" />
        <strong>{one.online ? t.file.online : t.file.offline}</strong>
        <span className="mono dim clip grow">{one.login}</span>
        {one.rxDbm === undefined ? null : (
          <span className={`num ${one.rxDbm < -27 ? 'bad' : 'dim'}`} title={t.file.signal}>
            {format.decimal(one.rxDbm)} dBm
          </span>
        )}
      </div>
      <div className="dim3" style={{ fontSize: 12, paddingLeft: 17 }}>
        {[
          ...(one.sinceAt === undefined ? [] : [t.file.since(format.dateTime(one.sinceAt))]),
          ...(one.lastDropAt === undefined
            ? []
            : [t.file.lastDrop(format.dateTime(one.lastDropAt), one.dropReason ?? '')]),
        ].join(' · ')}
      </div>
    </div>
  ));
}

function Invoices({ data }: { data: Data<'invoices'> }) {
  const t = useText();
  const format = useFormat();
  const now = Date.now();
  if (data.length === 0) return <span className="dim3">{t.file.nothing}</span>;
  const order = [...data].sort(
    (a, b) => Number(a.status === 'paid') - Number(b.status === 'paid') || a.dueOn.localeCompare(b.dueOn),
  );
  return order.slice(0, 6).map((one) => {
    const late = isOverdue(one, now);
    return (
      <div key={one.id} className="row" style={{ padding: '2px 0', minHeight: 24 }}>
        <span className="num">{format.date(one.dueOn)}</span>
        <span className={`tag ${late ? 'bad' : one.status === 'paid' ? 'good' : ''}`}>
          {late ? t.file.overdue : t.file.invoiceStatus[one.status]}
        </span>
        <span className="grow num" style={{ textAlign: 'right', fontWeight: 600 }}>
          {format.money(one.amountCents)}
        </span>
        {one.digitableLine === undefined ? null : (
          <Copy value={one.digitableLine} label={t.file.copyLine} icon={<IconBarcode size={15} />} />
        )}
        {one.pixCode === undefined ? null : (
          <Copy value={one.pixCode} label={t.file.copyPix} icon={<IconQrcode size={15} />} />
        )}
      </div>
    );
  });
}

function Contracts({ data }: { data: Data<'contracts'> }) {
  const t = useText();
  if (data.length === 0) return <span className="dim3">{t.file.nothing}</span>;
  return data.map((one) => (
    <div key={one.id} style={{ padding: '2px 0' }}>
      <div className="row">
        <strong className="clip grow">{one.plan}</strong>
        <span
          className={`tag ${one.status === 'active' ? 'good' : one.status === 'blocked' || one.status === 'cancelled' ? 'bad' : 'warn'}`}
        >
          {t.file.contractStatus[one.status]}
        </span>
      </div>
      {one.address === undefined ? null : (
        <div className="dim3 clip" style={{ fontSize: 12 }}>
          {one.address}
        </div>
      )}
    </div>
  ));
}

function Tickets({ data }: { data: Data<'tickets'> }) {
  const t = useText();
  const format = useFormat();
  if (data.length === 0) return <span className="dim3">{t.file.noTickets}</span>;
  return data.map((one) => (
    <div key={one.id} className="row" style={{ padding: '2px 0' }}>
      <span className="clip grow">{one.subject}</span>
      <span className="tag">{t.file.ticketStatus[one.status] ?? one.status}</span>
      {one.openedAt === undefined ? null : <span className="dim3 num">{format.dateTime(one.openedAt)}</span>}
    </div>
  ));
}
