import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useSignedIn, useText } from '../app/context.tsx';
import { queueName } from '../session/queues.ts';
import { useStore } from '../ui/store.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { useArmed } from '../ui/Armed.tsx';
import { useNow } from '../ui/time.ts';
import type { Offer } from './work.ts';
import { nameOf, subjectOf } from './names.ts';

interface Props {
  offers: readonly Offer[];
  onAccept: (id: string) => void;
  onReject: (id: string) => void;
}

/** What is offered besides the card: one line until somebody wants to see it. No key acts here, so none is shown. */
export function MoreOffers({ offers, onAccept, onReject }: Props) {
  const t = useText();
  const [opened, setOpened] = useState(false);
  if (offers.length === 0) return null;
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <div className="offer more" data-testid="more-offers">
      <button
        type="button"
        className="plain ring"
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
        style={{ width: '100%', padding: '6px 14px' }}
      >
        <span className="row">
          <strong>{t.offer.more(offers.length)}</strong>
          <span className="row tight grow">
            {offers.slice(0, 8).map(({ interaction }) => (
              <ChannelIcon key={interaction.id} channel={interaction.channel} />
            ))}
          </span>
          <Chevron size={15} aria-hidden="true" />
        </span>
      </button>
      {opened ? (
        <ul className="more-list">
          {offers.map((offer) => (
            <OfferLine
              key={offer.interaction.id}
              offer={offer}
              onAccept={() => onAccept(offer.interaction.id)}
              onReject={() => onReject(offer.interaction.id)}
            />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function OfferLine(props: { offer: Offer; onAccept: () => void; onReject: () => void }) {
  const t = useText();
  const now = useNow();
  const { interaction: one, deadline } = props.offer;
  const left = Math.max(0, Math.ceil((Date.parse(deadline) - now) / 1000));
  const name = nameOf(t, one);
  const queues = useStore(useSignedIn().queues.list);
  const rejecting = useArmed(props.onReject);
  return (
    <li className="row" style={{ padding: '4px 14px' }}>
      <ChannelIcon channel={one.channel} />
      <span className="clip grow">
        {name}{' '}
        <span className="dim">
          · {subjectOf(one) ?? (one.queue === null ? t.channels[one.channel] : queueName(queues, one.queue))}
        </span>
      </span>
      <span className={`num ${left < 5 ? 'bad' : 'dim'}`} title={t.offer.left(left)}>
        {left} s
      </span>
      <Button size="compact-xs" aria-label={t.offer.acceptFrom(name)} onClick={props.onAccept}>
        {t.offer.accept}
      </Button>
      <Button
        size="compact-xs"
        variant={rejecting.armed ? 'light' : 'default'}
        color={rejecting.armed ? 'red' : 'slate'}
        aria-label={t.offer.rejectFrom(name)}
        onClick={rejecting.press}
        onKeyDown={rejecting.onKeyDown}
      >
        {rejecting.armed ? t.offer.rejectAgain : t.offer.reject}
      </Button>
    </li>
  );
}
