import { Button } from '@mantine/core';
import { IconPhonePlus, IconUserCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useActions } from '../app/actions.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { callingFor } from '../session/queues.ts';
import { useDone } from '../ui/Done.tsx';
import { Link } from '../ui/Link.tsx';
import { ChooseCustomer } from './ChooseCustomer.tsx';
import { addressText, nameOf } from './names.ts';

interface Props {
  interaction: InteractionView;
  context: CustomerContext | undefined;
  customerId: string | null;
}

/** Who it is, and how to say so: chosen, changed, confirmed by whoever has the contact in hand or manages it. */
export function WhoIsIt({ interaction, context, customerId }: Props) {
  const { user, actions } = useSignedIn();
  const [changing, setChanging] = useState(false);
  const may = interaction.agent?.id === user.id || user.role !== 'operator';
  const open = may && (customerId === null || changing);
  useActions(actions, may && !open ? { customer: () => setChanging(true) } : {});
  return (
    <>
      <div className="section">
        <Name interaction={interaction} />
        <Reach
          interaction={interaction}
          customerId={customerId}
          {...(may && !open ? { onChange: () => setChanging(true) } : {})}
        />
        {may && customerId !== null && interaction.identity !== 'confirmed' ? (
          <Confirm interaction={interaction} customerId={customerId} />
        ) : null}
      </div>
      {open && context ? (
        <ChooseCustomer
          interaction={interaction}
          candidates={context.candidates}
          customerId={customerId}
          {...(customerId === null ? {} : { onDone: () => setChanging(false) })}
        />
      ) : null}
    </>
  );
}

function Name({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, user } = useSignedIn();
  const { address } = interaction.contact;
  const busy = interaction.channel === 'voice' && interaction.state === 'active';
  const done = useDone();
  return (
    <div className="row wrap between">
      <h2 className="clip" style={{ fontSize: 15, margin: 0 }} data-testid="customer-name">
        {nameOf(t, interaction)}
      </h2>
      {/^\+\d{8,}$/.test(address) && !busy ? (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconPhonePlus size={14} />}
          onClick={() => void done.run(t, desk.call(address, callingFor(user, interaction.queue)))}
        >
          {t.file.call}
        </Button>
      ) : null}
      {done.note}
    </div>
  );
}

function Reach(props: { interaction: InteractionView; customerId: string | null; onChange?: () => void }) {
  const t = useText();
  const { customerId, onChange } = props;
  return (
    <div className="row dim" style={{ marginTop: 2 }}>
      <span className="num clip grow">{addressText(t, props.interaction.contact.address)}</span>
      {customerId === null ? null : (
        <Link
          className="target"
          to={`/clientes/${encodeURIComponent(customerId)}`}
          style={{ color: 'var(--accent)' }}
        >
          {t.file.open}
        </Link>
      )}
      {customerId !== null && onChange ? (
        <button
          type="button"
          className="plain target"
          style={{ color: 'var(--accent)' }}
          onClick={onChange}
          data-testid="change-customer"
        >
          {t.choose.changeShort}
        </button>
      ) : null}
    </div>
  );
}

/** Known by a phone or an address is not proven: the operator asks for something that only the customer knows. */
function Confirm({ interaction, customerId }: { interaction: InteractionView; customerId: string }) {
  const t = useText();
  const { desk } = useSignedIn();
  const done = useDone();
  return (
    <div className="row wrap" style={{ marginTop: 6 }}>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconUserCheck size={14} />}
        title={t.choose.confirmWhy}
        onClick={() => void done.run(t, desk.linkCustomer(interaction.id, customerId, true))}
        data-testid="confirm-customer"
      >
        {t.choose.confirm}
      </Button>
      {done.note}
    </div>
  );
}
