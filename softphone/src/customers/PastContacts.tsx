import { interaction as interactionSchema } from '../../../src/contracts/interaction.ts';
import { useFormat, useServices, useText } from '../app/context.tsx';
import { stateOf } from '../desk/names.ts';
import { listOf, query } from '../session/api.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Link } from '../ui/Link.tsx';
import { errorText } from '../ui/errors.ts';
import { protocolText } from '../ui/format.ts';
import { useLoad } from '../ui/useLoad.ts';

/** Newest first: what was said before, under which protocol, and how it ended. */
export function PastContacts({
  customerId,
  except,
  limit = 8,
}: {
  customerId: string;
  except?: string;
  limit?: number;
}) {
  const t = useText();
  const format = useFormat();
  const { api } = useServices();
  const { state, reload } = useLoad(customerId, () =>
    api.get(
      `/api/v1/interactions${query({ customer: customerId, limit: limit + 1 })}`,
      listOf(interactionSchema),
    ),
  );
  const items = (state.data?.items ?? []).filter((one) => one.id !== except).slice(0, limit);
  return (
    <section className="section">
      <header>
        <h2 className="label">{t.file.past}</h2>
        {state.kind === 'failed' ? (
          <button type="button" className="plain ring" style={{ color: 'var(--accent)' }} onClick={reload}>
            {t.common.retry}
          </button>
        ) : null}
      </header>
      {state.kind === 'failed' ? <span className="bad">{errorText(t, state.error)}</span> : null}
      {state.kind === 'ready' && items.length === 0 ? <span className="dim3">{t.file.noPast}</span> : null}
      {items.map((one) => (
        <Link
          key={one.id}
          to={`/contatos/${encodeURIComponent(one.id)}`}
          className="card"
          style={{ color: 'inherit', textDecoration: 'none', padding: '4px 6px', margin: '0 -6px' }}
        >
          <span className="row">
            <ChannelIcon channel={one.channel} size={14} />
            <span className="num">{format.dateTime(one.timestamps.arrivedAt)}</span>
            <span className="clip grow dim">
              {one.disposition === null
                ? (one.subject ?? stateOf(t, one))
                : t.finish.disposition(one.disposition)}
            </span>
          </span>
          <span className="mono number dim3" style={{ fontSize: 12, paddingLeft: 24 }}>
            {protocolText(one.protocol)}
          </span>
        </Link>
      ))}
    </section>
  );
}
