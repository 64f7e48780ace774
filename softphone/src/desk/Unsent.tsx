import { Button } from '@mantine/core';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { emptyDraft, unsentTexts } from '../session/drafts.ts';
import { useArmed } from '../ui/Armed.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { useDone } from '../ui/Done.tsx';
import { useStore } from '../ui/store.ts';
import { nameOf } from './names.ts';
import { isWork, type Work } from './work.ts';

/** What was typed for a contact that ended before it was sent: kept until somebody decides about it. */
export function UnsentText({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, drafts } = useSignedIn();
  const draft = useStore(drafts.store)[interaction.id] ?? emptyDraft;
  const texts = unsentTexts(draft);
  const done = useDone();
  const { armed, press, onKeyDown } = useArmed(() => drafts.forget(interaction.id, draft));
  if (texts.length === 0) return done.note;
  const save = async (): Promise<void> => {
    if (await done.run(t, desk.note(interaction.id, texts.join('\n')), t.unsent.saved))
      drafts.forget(interaction.id, draft);
  };
  return (
    <section className="finish" aria-label={t.unsent.title} data-testid="unsent">
      <h2 className="label">{t.unsent.title}</h2>
      <p style={{ margin: '4px 0 8px', whiteSpace: 'pre-wrap', maxHeight: 120, overflow: 'auto' }}>
        {texts.join('\n')}
      </p>
      <div className="row">
        <Button onClick={() => void save()}>{t.unsent.asNote}</Button>
        <Button variant="default" onClick={press} onKeyDown={onKeyDown}>
          {armed ? t.unsent.discardAgain : t.unsent.discard}
        </Button>
        {done.note}
      </div>
    </section>
  );
}

/** Contacts that ended with such a text, in the column of work. */
export function UnsentList({ work }: { work: Work }) {
  const t = useText();
  const { desk, drafts } = useSignedIn();
  const kept = useStore(drafts.store);
  const left = Object.values(work.interactions).filter(
    (one) => !isWork(work, one) && unsentTexts(kept[one.id] ?? emptyDraft).length > 0,
  );
  if (left.length === 0) return null;
  return (
    <section aria-label={t.unsent.list} data-testid="unsent-list" style={{ marginBottom: 12 }}>
      <h2 className="label" style={{ padding: '2px 4px' }}>
        {t.unsent.list} · <span className="num bad">{left.length}</span>
      </h2>
      {left.map((one) => (
        <button
          key={one.id}
          type="button"
          className="plain card"
          style={{ padding: '4px 10px' }}
          aria-current={work.selected === one.id}
          onClick={() => desk.open(one.id)}
        >
          <span className="row">
            <ChannelIcon channel={one.channel} />
            <span className="clip grow" title={nameOf(t, one)}>
              {nameOf(t, one)}
            </span>
          </span>
        </button>
      ))}
    </section>
  );
}
