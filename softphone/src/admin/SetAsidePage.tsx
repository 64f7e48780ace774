import { Alert, Button } from '@mantine/core';
import { IconDownload, IconInbox } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { useFormat, useServices, useText } from '../app/context.tsx';
import { outward } from '../app/landing.ts';
import { Linked, OtherText } from '../desk/mail/MailText.tsx';
import { Notices } from '../desk/mail/Notices.tsx';
import { listOf, query } from '../session/api.ts';
import { useDone } from '../ui/Done.tsx';
import { Link } from '../ui/Link.tsx';
import { Empty, Failed, Waiting } from '../ui/states.tsx';
import { useLoad } from '../ui/useLoad.ts';

const base = '/api/v1/admin/mailboxes/set-aside';
const person = z.object({ address: z.string(), name: z.string().optional() });
const line = z.object({
  id: z.string(),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  reason: z.string().nullable(),
  preview: z.string().nullable(),
  at: z.string(),
});
type Line = z.infer<typeof line>;
const whole = line.extend({
  mailbox: z.string(),
  sender: person.nullable(),
  replyTo: z.array(person),
  to: z.array(person),
  cc: z.array(person),
  text: z.string(),
  otherText: z.string().default(''),
  attachments: z.array(z.object({ filename: z.string(), sizeBytes: z.number() })),
  whole: z.boolean(),
  notices: z.array(z.string()).default([]),
});
type Whole = z.infer<typeof whole>;
const PAGE = 50;

/** Mails that became no contact: read here, and put into the queue by hand. */
export function SetAsidePage() {
  const t = useText();
  const { api } = useServices();
  const [limit, setLimit] = useState(PAGE);
  const [chosen, setChosen] = useState<string | null>(null);
  const [done, setDone] = useState<{ interactionId: string | null } | null>(null);
  const { state, reload } = useLoad(`aside:${limit}`, () =>
    api.get(`${base}${query({ limit })}`, listOf(line)),
  );
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const items = state.data?.items ?? [];
  const queued = (interactionId: string | null): void => {
    setDone({ interactionId });
    setChosen(null);
    reload();
    // The button that had the focus is gone with its mail: the keys go on at the next one of the list.
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('.aside-list button') ?? [])];
    const [next] = outward(
      rows,
      items.findIndex(({ id }) => id === chosen),
    );
    (next ?? heading.current)?.focus();
  };
  return (
    <div className="page" data-testid="admin-emails-separados">
      <h1 ref={heading} tabIndex={-1} style={{ fontSize: 20, margin: '0 0 4px', outline: 'none' }}>
        {t.mail.aside.title}
      </h1>
      <p className="dim" style={{ margin: '0 0 12px', maxWidth: 720 }}>
        {t.mail.aside.lead}
      </p>
      <div aria-live="polite">
        {done === null ? null : (
          <Alert color="teal" variant="light" p="xs" mb="sm">
            {t.mail.aside.queued}{' '}
            {done.interactionId === null ? null : (
              <Link to={`/contatos/${done.interactionId}`}>{t.mail.aside.openContact}</Link>
            )}
          </Alert>
        )}
      </div>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.data === null ? null : items.length === 0 ? (
        <Empty icon={<IconInbox size={30} stroke={1.4} />} title={t.mail.aside.empty} />
      ) : (
        <div className="aside" ref={list}>
          <AsideList
            items={items}
            chosen={chosen}
            onChoose={(id) => {
              setDone(null);
              setChosen(id);
            }}
            {...(state.data.nextCursor === null || limit >= 200 ? {} : { onMore: () => setLimit(200) })}
          />
          {chosen === null ? (
            <p className="dim panel aside-mail">{t.mail.aside.choose}</p>
          ) : (
            <AsideMail key={chosen} id={chosen} onQueued={queued} />
          )}
        </div>
      )}
    </div>
  );
}

function AsideList(props: {
  items: readonly Line[];
  chosen: string | null;
  onChoose: (id: string) => void;
  onMore?: () => void;
}) {
  const t = useText();
  const format = useFormat();
  return (
    <div>
      <ul className="aside-list" aria-label={t.mail.aside.list}>
        {props.items.map((mail) => (
          <li key={mail.id} data-row>
            <button
              type="button"
              className="card"
              aria-current={mail.id === props.chosen ? 'true' : undefined}
              onClick={() => props.onChoose(mail.id)}
              data-testid="aside-mail"
            >
              <span className="row">
                <strong className="clip grow">{mail.from ?? t.mail.aside.noSender}</strong>
                <time className="num dim" dateTime={mail.at}>
                  {format.dateTime(mail.at)}
                </time>
              </span>
              <span className="clip" style={{ display: 'block' }}>
                {mail.subject ?? t.mail.aside.noSubject}
              </span>
              <span className="dim clip" style={{ display: 'block', fontSize: 12 }}>
                {reasonOf(t.mail.aside.reasons, mail.reason)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {props.onMore ? (
        <Button variant="default" size="xs" mt={8} onClick={props.onMore}>
          {t.mail.aside.more}
        </Button>
      ) : null}
    </div>
  );
}

const reasonOf = (reasons: Readonly<Record<string, string>>, reason: string | null): string =>
  reasons[reason ?? ''] ?? reasons['other'] ?? '';

const nameOf = ({ address, name }: z.infer<typeof person>): string =>
  name === undefined ? address : `${name} <${address}>`;

function AsideMail({ id, onQueued }: { id: string; onQueued: (interactionId: string | null) => void }) {
  const t = useText();
  const { api } = useServices();
  const path = `${base}/${encodeURIComponent(id)}`;
  const { state, reload } = useLoad(id, () => api.get(path, whole));
  const title = useRef<HTMLHeadingElement>(null);
  const ready = state.kind === 'ready';
  // Who came by keyboard hears what was opened.
  useEffect(() => {
    if (ready) title.current?.focus();
  }, [ready]);
  if (state.kind === 'failed') return <Failed error={state.error} onRetry={reload} />;
  if (state.data === null) return <Waiting />;
  const mail = state.data;
  return (
    <article className="panel aside-mail" data-testid="aside-content">
      <div className="row" style={{ alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <h2 ref={title} tabIndex={-1} className="grow" style={{ fontSize: 16, margin: 0, outline: 'none' }}>
          {mail.subject ?? t.mail.aside.noSubject}
        </h2>
        <AsideActions path={path} id={id} onQueued={onQueued} />
      </div>
      <Facts mail={mail} />
      {mail.whole ? null : (
        <Alert color="yellow" variant="light" p="xs" mb="sm">
          {t.mail.aside.broken}
        </Alert>
      )}
      <Notices codes={mail.notices} />
      <div className="aside-text">
        {mail.text.trim() === '' ? (
          <span className="dim">{t.mail.aside.noText}</span>
        ) : (
          <Linked text={mail.text} />
        )}
        {mail.otherText === '' ? null : <OtherText text={mail.otherText} />}
      </div>
    </article>
  );
}

function AsideActions(props: { path: string; id: string; onQueued: (interactionId: string | null) => void }) {
  const t = useText();
  const { api } = useServices();
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const toQueue = async (): Promise<void> => {
    setBusy(true);
    const answer = z.object({ interactionId: z.string().nullable() });
    const doing = api
      .send('POST', `${props.path}/queue`, {}, answer)
      .then(({ interactionId }) => props.onQueued(interactionId));
    if (!(await done.run(t, doing))) setBusy(false);
  };
  const original = async (): Promise<void> => {
    const loading = api.blob(`${props.path}/original`).then((blob) => {
      const url = URL.createObjectURL(blob);
      const link = document.createElement('a');
      link.href = url;
      link.download = `${props.id}.eml`;
      link.click();
      URL.revokeObjectURL(url);
    });
    await done.run(t, loading);
  };
  return (
    <div className="row">
      {done.note}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} />}
        onClick={() => void original()}
      >
        {t.mail.aside.original}
      </Button>
      <Button
        size="xs"
        leftSection={<IconInbox size={14} />}
        loading={busy}
        onClick={() => void toQueue()}
        data-testid="aside-queue"
      >
        {t.mail.aside.toQueue}
      </Button>
    </div>
  );
}

function Facts({ mail }: { mail: Whole }) {
  const t = useText();
  const format = useFormat();
  const list = (people: readonly z.infer<typeof person>[]): string => people.map(nameOf).join(', ');
  const facts: readonly (readonly [string, string])[] = [
    [t.mail.aside.why, reasonOf(t.mail.aside.reasons, mail.reason)],
    [t.mail.aside.from, mail.sender === null ? (mail.from ?? t.mail.aside.noSender) : nameOf(mail.sender)],
    [t.mail.aside.replyTo, list(mail.replyTo)],
    [t.mail.aside.to, list(mail.to)],
    [t.mail.ccLabel, list(mail.cc)],
    [t.mail.aside.mailbox, `${mail.mailbox} · ${format.dateTime(mail.at)}`],
    [t.mail.aside.files, mail.attachments.map(({ filename }) => filename).join(', ')],
  ];
  return (
    <dl>
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
