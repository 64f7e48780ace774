import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Armed } from './Armed.tsx';

/** One line above the page: what is wrong, and what can be done about it. */
export function Bar(props: {
  tone: 'bad' | 'warn' | 'info';
  icon: ReactNode;
  text: string;
  action?: string;
  onAction?: () => void;
  secondAction?: string;
  onSecondAction?: () => void;
  /** The second one has been pressed once and acts with the next press. */
  second?: Pick<Armed, 'armed' | 'onKeyDown'>;
  /** Default: news alone waits for a pause in what a screen reader says. */
  role?: 'status' | 'alert';
}) {
  return (
    <div className={`bar ${props.tone}`} role={props.role ?? (props.tone === 'info' ? 'status' : 'alert')}>
      {props.icon}
      <span className="grow">{props.text}</span>
      {props.action === undefined ? null : (
        <Button size="compact-xs" variant="default" onClick={props.onAction}>
          {props.action}
        </Button>
      )}
      {props.secondAction === undefined ? null : (
        <Button
          size="compact-xs"
          variant={props.second?.armed === true ? 'filled' : 'default'}
          {...(props.second?.armed === true ? { color: 'red' } : {})}
          onKeyDown={props.second?.onKeyDown}
          onClick={props.onSecondAction}
        >
          {props.secondAction}
        </Button>
      )}
    </div>
  );
}
