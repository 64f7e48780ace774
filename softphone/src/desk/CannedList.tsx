import type { Canned } from './canned.ts';
import { useText } from '../app/context.tsx';

export function CannedList(props: {
  items: readonly Canned[];
  active: number;
  onChoose: (index: number) => void;
}) {
  const t = useText();
  return (
    <div
      className="panel"
      role="listbox"
      aria-label={t.composer.canned}
      style={{
        position: 'absolute',
        left: 14,
        right: 14,
        bottom: 'calc(100% - 2px)',
        boxShadow: '0 -6px 20px rgb(0 0 0 / 0.14)',
        overflow: 'hidden',
        zIndex: 5,
      }}
    >
      {props.items.map((one, index) => (
        <div
          key={one.key}
          role="option"
          aria-selected={index === props.active}
          onMouseDown={(event) => {
            event.preventDefault();
            props.onChoose(index);
          }}
          style={{
            padding: '6px 12px',
            cursor: 'pointer',
            background: index === props.active ? 'var(--accent-soft)' : undefined,
          }}
        >
          <div className="row">
            <kbd>/{one.key}</kbd> <strong>{one.title}</strong>
          </div>
          <div className="clip dim">{one.text}</div>
        </div>
      ))}
    </div>
  );
}
