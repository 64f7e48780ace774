import { IconDots } from '@tabler/icons-react';
import { Fragment, useId, useMemo, useState } from 'react';
import { useText } from '../../app/context.tsx';
import { splitLinks } from './links.ts';
import { foldQuotes } from './quotes.ts';

/** What a mail says: its own words, and behind a button what it repeats of earlier ones. */
export function MailText({ text }: { text: string }) {
  const t = useText();
  const { words, quoted } = useMemo(() => foldQuotes(text), [text]);
  const [open, setOpen] = useState(false);
  const id = useId();
  if (quoted === '') return <Linked text={words} />;
  return (
    <>
      <Linked text={words} />
      <button
        type="button"
        className="quote-toggle"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        data-testid="quote-toggle"
      >
        <IconDots size={14} aria-hidden="true" />
        {open ? t.mail.hideQuote : t.mail.showQuote}
      </button>
      <div id={id} hidden={!open} className="quote">
        {open ? <Linked text={quoted} /> : null}
      </div>
    </>
  );
}

/** What another rendering of the mail says: not less than the first, so it is open. */
export function OtherText({ text }: { text: string }) {
  const t = useText();
  return (
    <section className="mail-other" aria-label={t.mail.otherText} data-testid="mail-other">
      <strong>{t.mail.otherText}</strong>
      <div>
        <MailText text={text} />
      </div>
    </section>
  );
}

/** Plain text with its addresses as links: to the web or to a mailbox, never to anything that runs. */
export function Linked({ text }: { text: string }) {
  const pieces = useMemo(() => splitLinks(text), [text]);
  return (
    <>
      {pieces.map((piece, at) =>
        piece.href === undefined ? (
          <Fragment key={at}>{piece.text}</Fragment>
        ) : (
          <Fragment key={at}>
            <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow" title={piece.href}>
              {piece.text}
            </a>
            {piece.realHost === undefined ? null : <strong className="bad"> ({piece.realHost})</strong>}
          </Fragment>
        ),
      )}
    </>
  );
}
