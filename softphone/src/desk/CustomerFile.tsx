import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCloudBolt, IconPhonePlus, IconUserQuestion } from '@tabler/icons-react';
import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useFormat, useServices, useSignedIn, useText } from '../app/context.tsx';
import { PastContacts } from '../customers/PastContacts.tsx';
import { Link } from '../ui/Link.tsx';
import { Empty } from '../ui/states.tsx';
import { attempt } from '../ui/errors.ts';
import { phoneText } from '../ui/format.ts';
import { useStore } from '../ui/store.ts';
import { ContextSections } from './sections/ContextSections.tsx';
import { overdueCents, warningsOf } from './reading.ts';
import { nameOf } from './WorkColumn.tsx';

/** The right column: who it is, what must not be missed, then the ERP's sections as they arrive. */
export function CustomerFile({ interaction }: { interaction: InteractionView }) {
  const { desk } = useSignedIn();
  const context = useStore(desk.work).contexts[interaction.id];
  const retry = (): void => void desk.retryContext(interaction.id);
  const customerId = context?.customerId ?? interaction.customer?.id ?? null;
  // Nobody identified is no failure of the ERP: there is nothing to retry, the operator asks and searches.
  const nobody =
    customerId === null &&
    (context === undefined || context.sections.customer.error?.code === 'customer.unknown');
  return (
    <>
      <WhoIsIt interaction={interaction} customerId={customerId} />
      {context ? <Alarms context={context} /> : null}
      {context && context.candidates.length > 1 ? <Candidates context={context} /> : null}
      {context && !nobody ? <ContextSections context={context} onRetry={retry} /> : null}
      {nobody ? <Nobody /> : null}
      {customerId === null ? null : <PastContacts customerId={customerId} except={interaction.id} />}
    </>
  );
}

function Nobody() {
  const t = useText();
  const { router } = useServices();
  return (
    <Empty icon={<IconUserQuestion size={30} stroke={1.4} />} title={t.file.nobodyTitle}>
      {t.file.nobody}
      <Button
        variant="default"
        mt="sm"
        style={{ display: 'block', marginInline: 'auto' }}
        onClick={() => router.go('/clientes')}
      >
        {t.file.findCustomer}
      </Button>
    </Empty>
  );
}

function WhoIsIt({ interaction, customerId }: { interaction: InteractionView; customerId: string | null }) {
  const t = useText();
  const { desk } = useSignedIn();
  const { address } = interaction.contact;
  const busy = interaction.channel === 'voice' && interaction.state === 'active';
  return (
    <div className="section">
      <div className="row between">
        <h2 className="clip" style={{ fontSize: 15, margin: 0 }}>
          {nameOf(interaction)}
        </h2>
        {/^\+\d{8,}$/.test(address) && !busy ? (
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconPhonePlus size={14} />}
            onClick={() => void attempt(t, desk.call(address, interaction.queue))}
          >
            {t.file.call}
          </Button>
        ) : null}
      </div>
      <div className="row dim" style={{ marginTop: 2 }}>
        <span className="num clip">{phoneText(address)}</span>
        {customerId === null ? null : (
          <Link to={`/clientes/${encodeURIComponent(customerId)}`} style={{ color: 'var(--accent)' }}>
            {t.file.open}
          </Link>
        )}
      </div>
    </div>
  );
}

function Alarms({ context }: { context: CustomerContext }) {
  const t = useText();
  const format = useFormat();
  const now = Date.now();
  const outages = context.sections.outage.data ?? [];
  return (
    <>
      {warningsOf(context, now).map((warning) => (
        <div key={warning} className={`alarm ${warning === 'outage' ? 'warn' : 'bad'}`} role="note">
          {warning === 'outage' ? <IconCloudBolt size={17} /> : <IconAlertTriangle size={17} />}
          <span>
            <strong>{t.file.warnings[warning]}</strong>
            {warning === 'overdue'
              ? ` · ${format.money(overdueCents(context.sections.invoices.data ?? [], now))}`
              : ''}
            {warning === 'outage' ? outages.map((one) => ` · ${one.district}: ${one.message}`).join('') : ''}
          </span>
        </div>
      ))}
    </>
  );
}

/** Two subscribers on one phone are common: the operator asks, the desk does not guess. */
function Candidates({ context }: { context: CustomerContext }) {
  const t = useText();
  const { router } = useServices();
  return (
    <div className="section">
      <header>
        <h3 className="label warn row tight">
          <IconUserQuestion size={15} /> {t.file.candidates(context.candidates.length)}
        </h3>
      </header>
      {context.candidates.map((one) => (
        <button
          key={one.id}
          type="button"
          className="plain card"
          onClick={() => router.go(`/clientes/${encodeURIComponent(one.id)}`)}
        >
          <span className="row between">
            <span className="clip">{one.name}</span>
            <span className="num dim3">{one.documentMasked ?? ''}</span>
          </span>
        </button>
      ))}
      <p className="dim3" style={{ margin: '4px 2px 0', fontSize: 12 }}>
        {t.file.candidatesWhy}
      </p>
    </div>
  );
}
