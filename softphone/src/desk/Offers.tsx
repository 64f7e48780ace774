import { Button } from '@mantine/core';
import { IconMail, IconMessage, IconPhoneIncoming } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';
import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useActions } from '../app/actions.ts';
import { acceptKey, SETTLED } from '../app/keys.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { queueName } from '../session/queues.ts';
import { useArmed } from '../ui/Armed.tsx';
import { errorText } from '../ui/errors.ts';
import { protocolText } from '../ui/format.ts';
import { runFor } from '../ui/result.ts';
import { useSelect, useStore } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { menuChoice, warningsOf } from './reading.ts';
import { addressText, nameOf, subjectOf } from './names.ts';
import { MoreOffers } from './MoreOffers.tsx';
import { offersInOrder, type Offer, type Work } from './work.ts';

const offersOf = (work: Work): Work['offers'] => work.offers;

/**
 * Rings on a line of its own above the page: it covers nothing and takes no focus, so that what is being typed goes on. One card,
 * however much is offered.
 */
export function Offers() {
  const t = useText();
  const { desk, ringer, phoneTab, actions, result } = useSignedIn();
  const offers = offersInOrder(useSelect(desk.work, offersOf));
  const owner = useStore(phoneTab.state) === 'owner';
  const first = offers[0];
  const ringing = first !== undefined;
  useEffect(() => {
    if (!ringing || !owner) return undefined;
    ringer.ring();
    return () => ringer.stop();
  }, [ringing, owner, ringer]);
  useNotification(first, owner, t.offer.title);
  const { router } = useServices();
  // The card goes with the press: a refusal is told above the page.
  const refused = (error: unknown): string => errorText(t, error);
  const accept = (id: string): void => {
    router.go('/');
    void runFor(result, desk.accept(id), { refused });
  };
  const reject = (id: string): void => void runFor(result, desk.reject(id), { refused });
  useActions(
    actions,
    first ? { accept: () => accept(first.interaction.id), reject: () => reject(first.interaction.id) } : {},
  );
  if (!first) return null;
  return (
    <div className="offers" role="region" aria-label={t.offer.region}>
      <OfferCard
        key={first.interaction.id}
        offer={first}
        onAccept={() => accept(first.interaction.id)}
        onReject={() => reject(first.interaction.id)}
      />
      <MoreOffers offers={offers.slice(1)} onAccept={accept} onReject={reject} />
    </div>
  );
}

function OfferCard({
  offer,
  onAccept,
  onReject,
}: {
  offer: Offer;
  onAccept: () => void;
  onReject: () => void;
}) {
  const t = useText();
  const { desk, queues: queueStore } = useSignedIn();
  const work = useStore(desk.work);
  const queues = useStore(queueStore.list);
  const now = useNow(250);
  const one = offer.interaction;
  const left = Math.max(0, Date.parse(offer.deadline) - now);
  const share = Math.min(1, left / Math.max(1, Date.parse(offer.deadline) - offer.since));
  const name = nameOf(t, one);
  const subject = subjectOf(one);
  const waited = now - Date.parse(one.timestamps.queuedAt ?? one.timestamps.arrivedAt);
  const choice = menuChoice(work.timelines[one.id] ?? [], one.id);
  const Icon = one.channel === 'voice' ? IconPhoneIncoming : one.channel === 'email' ? IconMail : IconMessage;
  return (
    <section className="offer" data-testid="offer" aria-label={t.offer.from(name)}>
      <div className="inner">
        <div className="badge" aria-hidden="true">
          <Icon size={21} />
        </div>
        <div className="grow" role="status">
          <div className="row" style={{ fontSize: 15, fontWeight: 650 }}>
            <span className="clip">{name}</span>
            {one.identity === 'confirmed' ? null : (
              <span className="tag warn">{t.identity[one.identity]}</span>
            )}
          </div>
          <div className="dim clip">
            {t.channels[one.channel]}
            {name === one.contact.name ? ` · ${addressText(t, one.contact.address)}` : ''}
            {one.queue === null ? '' : ` · ${queueName(queues, one.queue)}`}
            {choice === null ? '' : ` · ${t.offer.chose(queueName(queues, choice))}`}
            {subject === undefined ? '' : ` · ${subject}`} · {t.offer.waited(clockSpan(waited))}
          </div>
          <div className="row wrap" style={{ marginTop: 2, rowGap: 2 }}>
            <span className="mono number dim3">{protocolText(one.protocol)}</span>
            {one.protocolType === undefined ? null : (
              <span className="tag">{t.protocolTypes[one.protocolType]}</span>
            )}
            <OfferTags interaction={one} context={work.contexts[one.id]} now={now} />
          </div>
        </div>
        <div className="row">
          <RejectButton onReject={onReject} />
          <Button size="sm" onClick={onAccept} data-testid="accept" data-accepts="">
            {t.offer.accept}&nbsp;
            <AcceptKey />
          </Button>
        </div>
      </div>
      <div
        className={`ringdown${left < 5000 ? ' short' : ''}`}
        role="timer"
        aria-label={t.offer.left(Math.ceil(left / 1000))}
      >
        <div style={{ transform: `scaleX(${share})` }} />
      </div>
    </section>
  );
}

/** The customer goes to somebody else: pressed twice, or Alt+X. */
function RejectButton({ onReject }: { onReject: () => void }) {
  const t = useText();
  const { armed, press, onKeyDown } = useArmed(onReject);
  return (
    <Button
      variant={armed ? 'light' : 'default'}
      color={armed ? 'red' : 'slate'}
      size="sm"
      onClick={press}
      onKeyDown={onKeyDown}
      title={`${t.offer.reject} (Alt+X)`}
      data-testid="reject"
    >
      {armed ? t.offer.rejectAgain : t.offer.reject}
    </Button>
  );
}

/** The key that accepts here and now; it changes with the place of the focus and with what was typed there. */
function AcceptKey() {
  const key = useSyncExternalStore(onFocus, () => acceptKey(document.activeElement));
  const names = { enter: 'Enter', ctrlEnter: 'Ctrl+Enter', ctrlShiftEnter: 'Ctrl+Shift+Enter' } as const;
  return (
    <kbd data-testid="accept-key" style={{ background: 'transparent', color: 'inherit' }}>
      {names[key]}
    </kbd>
  );
}

function onFocus(listener: () => void): () => void {
  const names = ['focusin', 'focusout', 'input', SETTLED] as const;
  for (const name of names) document.addEventListener(name, listener);
  return () => {
    for (const name of names) document.removeEventListener(name, listener);
  };
}

/** What must be known before hello: whether it is clear who calls, debts, outages. */
function OfferTags(props: {
  interaction: InteractionView;
  context: CustomerContext | undefined;
  now: number;
}) {
  const t = useText();
  const { interaction, context, now } = props;
  if (context === undefined) return null;
  return (
    <>
      {interaction.customer === null && context.candidates.length > 1 ? (
        <span className="tag warn">{t.file.candidates(context.candidates.length)}</span>
      ) : null}
      <FileTag context={context} />
      {warningsOf(context, now).map((warning) => (
        <span key={warning} className="tag bad">
          {t.file.warnings[warning]}
        </span>
      ))}
    </>
  );
}

/** No warning may mean that nobody could say: an ERP that is slow or dead is told apart from a customer without debts. */
function FileTag({ context }: { context: CustomerContext }) {
  const t = useText();
  const sections = Object.values(context.sections);
  if (sections.some((section) => section.state === 'failed' && section.error?.code !== 'customer.unknown'))
    return <span className="tag warn">{t.offer.fileFailed}</span>;
  return sections.some((section) => section.state === 'loading') ? (
    <span className="tag">{t.offer.fileLoading}</span>
  ) : null;
}

/** The system's own notice, when allowed and the desk is behind another window. No name: it may lie on a shared screen. */
function useNotification(offer: Offer | undefined, owner: boolean, text: string): void {
  const id = offer?.interaction.id;
  useEffect(() => {
    if (
      id === undefined ||
      !owner ||
      typeof Notification === 'undefined' ||
      Notification.permission !== 'granted'
    )
      return undefined;
    if (document.visibilityState === 'visible' && document.hasFocus()) return undefined;
    const notice = new Notification(text, { tag: id, requireInteraction: true });
    notice.onclick = () => window.focus();
    return () => notice.close();
  }, [id, owner, text]);
}
