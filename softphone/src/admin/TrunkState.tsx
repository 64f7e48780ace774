import { useEffect } from 'react';
import { trunkStatus } from '../../../src/contracts/trunk.ts';
import { useFormat, useServices, useText } from '../app/context.tsx';
import { useEvery } from '../ui/time.ts';
import { useLoad } from '../ui/useLoad.ts';
import type { Row } from './form.ts';
import { registrationWords } from './trunk-words.ts';

/** How often the state of a trunk is asked for, ms. */
const EVERY_MS = 10_000;

/** Lines in use of a trunk, and how its registration stands. `asked` is the list that the row is of: a new one asks anew. */
export function TrunkState({ row, asked }: { row: Row; asked: unknown }) {
  return row['active'] === false ? <>—</> : <Live id={String(row['id'])} asked={asked} />;
}

function Live({ id, asked }: { id: string; asked: unknown }) {
  const t = useText();
  const format = useFormat();
  const { api } = useServices();
  const path = `/api/v1/admin/trunks/${encodeURIComponent(id)}/status`;
  const { state, reload } = useLoad(id, () => api.get(path, trunkStatus));
  useEffect(reload, [asked, reload]);
  useEvery(EVERY_MS, reload);
  const { data } = state;
  if (state.kind === 'failed') return <span className="dim3">{t.trunks.unknown}</span>;
  if (data === null) return <span className="dim3">…</span>;
  const told = data.registration && registrationWords(t, format, data.registration);
  return (
    <div data-testid={`trunk-${id}`} style={{ minWidth: 190 }}>
      <div className="num">{t.board.channels(data.used, data.channels)}</div>
      {told === null ? null : (
        <>
          <span className="row" style={{ gap: 6, alignItems: 'flex-start' }}>
            <span className={`dot ${told.tone}`} aria-hidden="true" style={{ flex: 'none', marginTop: 5 }} />
            <span className={told.tone === 'bad' ? 'bad' : undefined}>{told.text}</span>
          </span>
          {told.more === '' ? null : (
            <div className="dim" style={{ fontSize: 12 }}>
              {told.more}
            </div>
          )}
        </>
      )}
    </div>
  );
}
