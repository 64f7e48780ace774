import type { Board } from '../../../src/contracts/realtime.ts';
import { useText } from '../app/context.tsx';

export function EnginesAndTrunks({ board }: { board: Board }) {
  const t = useText();
  return (
    <div className="panel">
      <div className="section">
        <header>
          <h2 className="label">{t.board.trunks}</h2>
        </header>
        {board.trunks.map((one) => (
          <div key={one.id} style={{ padding: '3px 0' }}>
            <div className="row between">
              <span className="clip">{one.name}</span>
              <span className="num dim">{t.board.channels(one.used, one.channels)}</span>
            </div>
            <div className="gauge">
              <div style={{ width: `${one.channels === 0 ? 0 : (one.used / one.channels) * 100}%` }} />
            </div>
          </div>
        ))}
        {board.trunks.length === 0 ? <span className="dim3">—</span> : null}
      </div>
      <div className="section" style={{ borderBottom: 0 }}>
        <header>
          <h2 className="label">{t.board.engines}</h2>
        </header>
        {board.engines.map((one) => (
          <div key={one.name} className="row" style={{ padding: '3px 0' }}>
            <span className={`dot ${one.ok ? 'good' : 'bad'}`} aria-hidden="true" />
            <span className="mono">{one.name}</span>
            <span
              className={`grow clip ${one.ok ? 'dim3' : 'bad'}`}
              style={{ textAlign: 'right' }}
              title={one.detail}
            >
              {one.ok ? (one.detail ?? t.board.ok) : (one.detail ?? t.board.down)}
            </span>
          </div>
        ))}
        {board.engines.length === 0 ? <span className="dim3">—</span> : null}
      </div>
    </div>
  );
}
