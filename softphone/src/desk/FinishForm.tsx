import { Button, Select, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { emptyDraft } from '../session/drafts.ts';
import { attempt } from '../ui/errors.ts';
import { useStore } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { myWork } from './work.ts';
import { closingOf, followUps, subjects } from './finish.ts';

/** Subject, reason, follow-up: three choices and one line. The countdown is shown, and the server ends wrap-up when it is over. */
export function FinishForm({
  interaction,
  asked,
  onCancel,
}: {
  interaction: InteractionView;
  /** How often somebody asked for this form: each time the first field takes the focus. */
  asked: number;
  onCancel?: () => void;
}) {
  const t = useText();
  const { desk, drafts } = useSignedIn();
  const draft = useStore(drafts.store)[interaction.id] ?? emptyDraft;
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked > 0) first.current?.focus();
  }, [asked]);
  const left =
    interaction.state === 'wrapUp' && interaction.deadline !== undefined
      ? Date.parse(interaction.deadline) - now
      : null;
  const change = (part: Partial<typeof draft>): void => drafts.change(interaction.id, part);
  const reasons = subjects.find((one) => one.key === draft.subject)?.reasons ?? [];
  const ready = draft.subject !== null && draft.reason !== null;
  const close = async (): Promise<void> => {
    const closing = closingOf(t, draft);
    if (!closing) return;
    setBusy(true);
    const done = await attempt(t, desk.close(interaction.id, closing.disposition, closing.note));
    if (done) {
      drafts.forget(interaction.id);
      const next = myWork(desk.work.get()).find((one) => one.id !== interaction.id);
      if (next) desk.open(next.id);
    }
    setBusy(false);
  };
  return (
    <form
      className="finish"
      aria-label={t.finish.title}
      data-testid="finish-form"
      onSubmit={(event) => {
        event.preventDefault();
        void close();
      }}
    >
      <div className="row between" style={{ marginBottom: 6 }}>
        <h2 className="label">{t.finish.title}</h2>
        {left === null ? null : (
          <span className={`num ${left < 10_000 ? 'bad' : 'warn'}`} role="timer">
            {t.finish.left(clockSpan(left))}
          </span>
        )}
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
      <div className="row" style={{ marginTop: 8 }}>
        <TextInput
          className="grow"
          size="xs"
          aria-label={t.finish.note}
          placeholder={t.finish.note}
          value={draft.closingNote}
          onChange={(event) => change({ closingNote: event.currentTarget.value })}
          maxLength={3900}
        />
        {onCancel ? (
          <Button variant="default" onClick={onCancel}>
            {t.common.back}
          </Button>
        ) : null}
        <Button type="submit" disabled={!ready} loading={busy} data-testid="close-contact">
          {t.finish.close}
        </Button>
      </div>
    </form>
  );
}
