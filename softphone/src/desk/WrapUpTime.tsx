import { Button } from '@mantine/core';
import { IconClockPlus } from '@tabler/icons-react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { useDone } from '../ui/Done.tsx';
import { useStore } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { mayExtend } from './wrap-up.ts';

/** What is left of the wrap-up, and more of it while the queue allows. */
export function WrapUpTime({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, queues } = useSignedIn();
  const now = useNow();
  const done = useDone();
  const known = useStore(queues.list).find((one) => one.key === interaction.queue);
  const left = interaction.deadline === undefined ? null : Date.parse(interaction.deadline) - now;
  if (left === null) return null;
  return (
    <span className="row">
      {done.note}
      <span className={`num ${left < 10_000 ? 'bad' : 'warn'}`} role="timer">
        {t.finish.left(clockSpan(left))}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconClockPlus size={14} />}
        disabled={!mayExtend(interaction, known?.wrapUpMaxMs, now)}
        title={t.finish.moreTimeWhy}
        onClick={() => void done.run(t, desk.extendWrapUp(interaction.id))}
        data-testid="more-time"
      >
        {t.finish.moreTime}
      </Button>
    </span>
  );
}
