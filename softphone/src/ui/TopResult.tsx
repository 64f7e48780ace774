import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useSignedIn, useText } from '../app/context.tsx';
import { Bar } from './Bar.tsx';
import { useStore } from './store.ts';

/** The result of what has no place on the page any more when it is known: a menu that closed, a card of an offer that has gone. */
export function TopResult() {
  const t = useText();
  const { result } = useSignedIn();
  const said = useStore(result.store);
  if (said === null) return null;
  const Icon = said.ok ? IconCircleCheck : IconAlertTriangle;
  return (
    <div data-testid="result">
      <Bar
        tone={said.ok ? 'info' : 'bad'}
        icon={<Icon size={17} />}
        text={said.text}
        action={t.common.close}
        onAction={result.clear}
      />
    </div>
  );
}
