import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useText } from '../app/context.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { nameOf, subjectOf } from './names.ts';

/** Channel, name and subject of a contact on one line of a table; what does not fit is said on pointing at it. */
export function WhoAndWhat({ one, name: Name = 'span' }: { one: InteractionView; name?: 'span' | 'strong' }) {
  const t = useText();
  return (
    <>
      <ChannelIcon channel={one.channel} />{' '}
      <Name className="clip" title={nameOf(t, one)}>
        {nameOf(t, one)}
      </Name>
      <span className="clip dim3" title={subjectOf(one)}>
        {subjectOf(one)}
      </span>
    </>
  );
}
