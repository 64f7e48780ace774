import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconMail, IconPencil, IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useFormat, useText } from '../app/context.tsx';
import { listOf, query, type Api } from '../session/api.ts';
import { useDone } from '../ui/Done.tsx';
import { errorText } from '../ui/errors.ts';
import { AreaField, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/Form.tsx';
import { Empty } from '../ui/states.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { replySubject, simMail, type SimMail } from './mail.ts';

interface Draft {
  to: string;
  subject: string;
  text: string;
  inReplyTo: string | null;
}

/** The customer's mail program: what was sent to them, and an answer under the same thread. */
export function Mailbox({ api }: { api: Api }) {
  const t = useText();
  const format = useFormat();
  const [address, setAddress] = useState('maria@cliente.test');
  const [chosen, setChosen] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const { state, reload } = useLoad(address, () =>
    api.get(`/api/v1/simulator/mailbox${query({ address })}`, listOf(simMail)),
  );
  useEffect(() => {
    const timer = window.setInterval(reload, 5000);
    return () => window.clearInterval(timer);
  }, [reload]);
  const mails = state.data?.items ?? [];
  const mail = mails.find((one) => one.id === chosen);
  const fresh = (): void =>
    setDraft({ to: 'suporte@exemplo.test', subject: t.simulator.defaultSubject, text: '', inReplyTo: null });
  return (
    <section
      className="panel"
      aria-label={t.simulator.mailbox}
      style={{ minHeight: 480, display: 'grid', gridTemplateRows: 'auto 1fr' }}
    >
      <div className="row" style={{ padding: '12px 14px', borderBottom: '1px solid var(--line)' }}>
        <IconMail size={18} />
        <TextInput
          size="xs"
          w={240}
          aria-label={t.simulator.address}
          value={address}
          onChange={(event) => {
            setAddress(event.currentTarget.value);
            setChosen(null);
          }}
        />
        <Tooltip label={t.simulator.refresh}>
          <ActionIcon color="slate" onClick={reload} aria-label={t.simulator.refresh}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
        <span className="grow" />
        <Button leftSection={<IconPencil size={15} />} onClick={fresh}>
          {t.simulator.compose}
        </Button>
      </div>
      <div style={{ display: 'grid', gridTemplateColumns: '250px minmax(0, 1fr)', minHeight: 0 }}>
        <div style={{ borderRight: '1px solid var(--line)', padding: 8, overflow: 'auto', maxHeight: 560 }}>
          {state.kind === 'failed' ? (
            <p className="dim" style={{ margin: 8 }}>
              {errorText(t, state.error)}
            </p>
          ) : null}
          {state.kind !== 'failed' && mails.length === 0 ? (
            <p className="dim" style={{ margin: 8 }}>
              {t.simulator.noMail}
            </p>
          ) : null}
          {mails.map((one) => (
            <button
              key={one.id}
              type="button"
              className="plain card"
              aria-current={one.id === chosen}
              onClick={() => {
                setChosen(one.id);
                setDraft(null);
              }}
            >
              <span className="row between">
                <strong className="clip">{one.from}</strong>
                <span className="dim3 num">{format.dateTime(one.at)}</span>
              </span>
              <span className="clip dim" style={{ display: 'block' }}>
                {one.subject}
              </span>
            </button>
          ))}
        </div>
        {draft ? (
          <Compose
            api={api}
            from={address}
            draft={draft}
            onChange={setDraft}
            onDone={() => {
              setDraft(null);
              reload();
            }}
          />
        ) : mail ? (
          <Reading
            mail={mail}
            onAnswer={() =>
              setDraft({
                to: mail.from === address ? mail.to : mail.from,
                subject: replySubject(mail.subject),
                text: '',
                inReplyTo: mail.messageId ?? mail.id,
              })
            }
          />
        ) : (
          <Empty icon={<IconMail size={30} stroke={1.3} />} title={t.simulator.inbox}>
            {t.simulator.choose}
          </Empty>
        )}
      </div>
    </section>
  );
}

function Reading({ mail, onAnswer }: { mail: SimMail; onAnswer: () => void }) {
  const t = useText();
  const format = useFormat();
  return (
    <article style={{ padding: '14px 18px', minWidth: 0 }}>
      <h2 style={{ fontSize: 16, margin: 0 }}>{mail.subject}</h2>
      <p className="dim" style={{ margin: '2px 0 12px' }}>
        {mail.from} → {mail.to}
        {mail.cc.length === 0 ? '' : ` · ${t.simulator.cc(mail.cc.join(', '))}`} ·{' '}
        <span className="num">{format.dateTime(mail.at)}</span>
      </p>
      <div style={{ whiteSpace: 'pre-wrap', lineHeight: 1.55, overflowWrap: 'anywhere' }}>{mail.text}</div>
      <Button mt="md" variant="default" onClick={onAnswer}>
        {t.simulator.answer}
      </Button>
    </article>
  );
}

function Compose(props: {
  api: Api;
  from: string;
  draft: Draft;
  onChange: (draft: Draft) => void;
  onDone: () => void;
}) {
  const t = useText();
  const { draft, onChange } = props;
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const send = async (): Promise<void> => {
    setBusy(true);
    const { inReplyTo, ...mail } = draft;
    const body = { from: props.from, ...mail, ...(inReplyTo === null ? {} : { inReplyTo }) };
    if (await done.run(t, props.api.post('/api/v1/simulator/mailbox', body))) props.onDone();
    setBusy(false);
  };
  return (
    <Form className="col" style={{ padding: '14px 18px', gap: 10 }} send={() => void send()}>
      <TextField
        size="xs"
        label={t.simulator.to}
        value={draft.to}
        onChange={(event) => onChange({ ...draft, to: event.currentTarget.value })}
        required
      />
      <TextField
        size="xs"
        label={t.simulator.subject}
        value={draft.subject}
        onChange={(event) => onChange({ ...draft, subject: event.currentTarget.value })}
        required
      />
      <AreaField
        label={t.simulator.text}
        autosize
        minRows={8}
        value={draft.text}
        onChange={(event) => onChange({ ...draft, text: event.currentTarget.value })}
        required
      />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        {done.note}
        <Button type="submit" loading={busy} data-testid="sim-send">
          {t.simulator.send}
        </Button>
      </div>
    </Form>
  );
}
