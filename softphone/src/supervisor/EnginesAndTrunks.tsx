import type { Board } from '../../../src/contracts/realtime.ts';
import { useText } from '../app/context.tsx';
import { engineText } from './engine-text.ts';

export function EnginesAndTrunks({ board }: { board: Board }) {
  const t = useText();
  return (
    <div className="panel engines" id="motores">
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
      {/* Only those of the company that runs the server are told of its engines. */}
      {board.engines.length === 0 ? null : <Engines engines={board.engines} />}
    </div>
  );
}

function Engines({ engines }: { engines: Board['engines'] }) {
  const t = useText();
  return (
    <div className="section">
      <header>
        <h2 className="label">{t.board.engines}</h2>
      </header>
      {engines.map((one) => (
        <div key={one.name} style={{ padding: '3px 0' }} data-testid={`engine-${one.name}`}>
          <span className="row">
            <span className={`dot ${one.ok ? 'good' : 'bad'}`} aria-hidden="true" />
            <span>{t.engines.names[one.name] ?? one.name}</span>
            <span className={one.ok ? 'dim3' : 'bad'}>{one.ok ? t.board.ok : t.board.down}</span>
          </span>
          <div className="dim" style={{ fontSize: 12, paddingLeft: 15, overflowWrap: 'anywhere' }}>
            {engineText(t, one)}
          </div>
        </div>
      ))}
    </div>
  );
}
