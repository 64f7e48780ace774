import { Button, Select, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { emptyDraft, leftOf } from '../session/drafts.ts';
import { useArmed } from '../ui/Armed.tsx';
import { useDone } from '../ui/Done.tsx';
import { Form } from '../ui/Form.tsx';
import { useStore } from '../ui/store.ts';
import { WrapUpTime } from './WrapUpTime.tsx';
import { closingOf, followUps, subjects, summaryFault } from './finish.ts';

interface Props {
  interaction: InteractionView;
  /** How often somebody asked for this form: each time the first field takes the focus. */
  asked: number;
  onCancel?: () => void;
}

/** Subject, reason, follow-up: three choices and a summary. What is typed is kept by the server while it is typed. */
export function FinishForm({ interaction, asked, onCancel }: Props) {
  const t = useText();
  const { drafts } = useSignedIn();
  const draft = useStore(drafts.store)[interaction.id] ?? emptyDraft;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked > 0) first.current?.focus();
  }, [asked]);
  const change = (part: Partial<typeof draft>): void => drafts.change(interaction.id, part);
  const reasons = subjects.find((one) => one.key === draft.subject)?.reasons ?? [];
  return (
    // Enter chooses in a field; only the button closes.
    <Form className="finish" aria-label={t.finish.title} data-testid="finish-form" send={() => undefined}>
      <div className="row between" style={{ marginBottom: 6 }}>
        <h2 className="label">{interaction.state === 'closed' ? t.finish.late : t.finish.title}</h2>
        {interaction.state === 'wrapUp' ? <WrapUpTime interaction={interaction} /> : null}
      </div>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <Select
          ref={first}
          label={t.finish.subject}
          placeholder={t.finish.choose}
          className="grow"
          data={subjects.map((one) => ({ value: one.key, label: t.finish.subjects[one.key] }))}
          value={draft.subject}
          onChange={(subject) => change({ subject, reason: null })}
        />
        <Select
          label={t.finish.reason}
          placeholder={t.finish.choose}
          className="grow"
          disabled={draft.subject === null}
          data={reasons.map((one) => ({ value: one, label: t.finish.reasons[one] }))}
          value={draft.reason}
          onChange={(reason) => change({ reason })}
        />
        <Select
          label={t.finish.followUp}
          className="grow"
          allowDeselect={false}
          data={followUps.map((one) => ({ value: one, label: t.finish.followUps[one] }))}
          value={draft.followUp}
          onChange={(followUp) => change({ followUp: followUp ?? 'none' })}
        />
      </div>
      <div className="row" style={{ marginTop: 8, alignItems: 'flex-end' }}>
        <Textarea
          className="grow"
          size="xs"
          autosize
          minRows={1}
          maxRows={4}
          aria-label={t.finish.note}
          placeholder={t.finish.note}
          value={draft.closingNote}
          onChange={(event) => change({ closingNote: event.currentTarget.value })}
          error={summaryFault(t, draft)}
        />
        {onCancel ? (
          <Button variant="default" onClick={onCancel}>
            {t.common.back}
          </Button>
        ) : null}
        <CloseButton interaction={interaction} />
      </div>
    </Form>
  );
}

/** On a live call the button hangs up first, and then a second press is asked for. */
function CloseButton({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, drafts } = useSignedIn();
  const draft = useStore(drafts.store)[interaction.id] ?? emptyDraft;
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const isTalking = interaction.channel === 'voice' && interaction.state === 'active';
  const closing = closingOf(t, draft);
  const close = async (): Promise<void> => {
    if (!closing) return;
    setBusy(true);
    const { id } = interaction;
    const note = draft.note.trim();
    const work = async (): Promise<void> => {
      // A note that was typed and not saved is not lost with the contact.
      if (note !== '') {
        await desk.note(id, note);
        drafts.change(id, { note: leftOf(drafts.of(id).note, note) });
      }
      await desk.close(id, isTalking ? { ...closing, hangup: true } : closing);
      // What the close did not carry stays: a reply, and what was typed meanwhile.
      drafts.forget(id, { ...draft, note: '', reply: '' });
    };
    await done.run(t, work());
    setBusy(false);
  };
  const { armed, press, onKeyDown } = useArmed(() => void close());
  return (
    <span className="col" style={{ alignItems: 'flex-end', gap: 4 }}>
      {done.note}
      <Button
        disabled={closing === null || summaryFault(t, draft) !== null}
        loading={busy}
        color={isTalking ? 'red.9' : 'petrol'}
        onClick={isTalking ? press : () => void close()}
        onKeyDown={onKeyDown}
        data-testid="close-contact"
      >
        {isTalking ? (armed ? t.finish.hangUpAgain : t.finish.hangUpAndClose) : t.finish.close}
      </Button>
    </span>
  );
}
