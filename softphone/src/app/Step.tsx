import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from './context.tsx';

/** One line of what is to be done; it turns green by itself. */
export function Step({
  done,
  title,
  text,
  children,
}: {
  done: boolean;
  title: string;
  text: string;
  children: ReactNode;
}) {
  const t = useText();
  return (
    <li className="row" style={{ padding: '12px 16px', gap: 14, borderBottom: '1px solid var(--line)' }}>
      <span
        className={done ? 'good' : 'dim3'}
        role="img"
        aria-label={done ? t.start.done : t.start.toDo}
        style={{ display: 'inline-flex' }}
      >
        {done ? <IconCircleCheckFilled size={22} /> : <IconCircleDashed size={22} stroke={1.6} />}
      </span>
      <span className="grow">
        <strong style={{ display: 'block', fontSize: 14 }}>{title}</strong>
        <span className="dim">{text}</span>
      </span>
      {children}
    </li>
  );
}
