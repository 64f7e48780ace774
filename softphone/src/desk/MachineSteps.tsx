import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useFormat, useSignedIn, useText } from '../app/context.tsx';
import { queueName } from '../session/queues.ts';
import { useStore } from '../ui/store.ts';
import { shortSpan } from '../ui/time.ts';
import type { Folded } from './fold.ts';
import { menuChoice } from './reading.ts';
import { TimelineItem } from './TimelineItem.tsx';

interface Props {
  fold: Extract<Folded, { kind: 'machine' }>;
  interaction: InteractionView;
}

/** "Atendimento automático, 18 s · 2 ofertas sem resposta · escolheu Suporte": opened it shows each step. */
export function MachineSteps({ fold, interaction }: Props) {
  const t = useText();
  const format = useFormat();
  const queues = useStore(useSignedIn().queues.list);
  const [opened, setOpened] = useState(false);
  const choice = menuChoice(fold.entries, interaction.id);
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  const at = fold.entries[0]?.at ?? interaction.timestamps.arrivedAt;
  return (
    <>
      <button
        type="button"
        className="plain entry ring"
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
        data-testid="machine-steps"
      >
        <time className="num" dateTime={at}>
          {format.time(at)}
        </time>
        <span className="ico" aria-hidden="true">
          <Chevron size={15} />
        </span>
        <span>
          {t.timeline.machine[fold.of](shortSpan(fold.spanMs))}
          {fold.unanswered === 0 ? '' : ` · ${t.timeline.unanswered(fold.unanswered)}`}
          {choice === null ? '' : ` · ${t.offer.chose(queueName(queues, choice))}`}
        </span>
      </button>
      {opened
        ? fold.entries.map((entry) => <TimelineItem key={entry.id} entry={entry} interaction={interaction} />)
        : null}
    </>
  );
}
