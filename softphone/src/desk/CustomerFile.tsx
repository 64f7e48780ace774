import { IconAlertTriangle, IconCloudBolt } from '@tabler/icons-react';
import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useFormat, useSignedIn, useText } from '../app/context.tsx';
import { PastContacts } from '../customers/PastContacts.tsx';
import { useStore } from '../ui/store.ts';
import { ContextSections } from './sections/ContextSections.tsx';
import { overdueCents, warningsOf } from './reading.ts';
import { WhoIsIt } from './WhoIsIt.tsx';

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
      <WhoIsIt interaction={interaction} context={context} customerId={customerId} />
      {context ? <Alarms context={context} /> : null}
      {context && !nobody ? <ContextSections context={context} onRetry={retry} /> : null}
      {customerId === null ? null : <PastContacts customerId={customerId} except={interaction.id} />}
    </>
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
