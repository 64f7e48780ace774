import type { mail as pt } from '../pt/mail.ts';

export const mail: typeof pt = {
  otherText: 'Another version of the text, from the same e-mail',
  showQuote: 'Show earlier messages',
  hideQuote: 'Hide earlier messages',
  from: (address: string) => `Written by ${address}`,
  via: (address: string) => `Came by way of ${address}; the answer goes to who wrote`,
  alsoTo: (list: string) => `Also to: ${list}`,
  cc: (list: string) => `Copy: ${list}`,
  sendAgain: 'Send again',
  sendNow: 'Try now',
  recipients: 'Recipients',
  to: 'To',
  ccLabel: 'Copy',
  remove: (address: string) => `Take ${address} out of the copy`,
  replyAll: 'Reply to all',
  addCopy: 'Copy to…',
  copyPlaceholder: 'name@company.com',
  notAnAddress: 'This does not look like an e-mail address',
  bounced: (who: string, why: string) =>
    `The e-mail came back${who === '' ? '' : ` from ${who}`}: not delivered${why === '' ? '' : ` (${why})`}`,
  delayed: (who: string) =>
    `Delivery of the e-mail${who === '' ? '' : ` to ${who}`} is delayed; the server keeps trying`,
  delivered: (who: string) => `The e-mail was delivered${who === '' ? '' : ` to ${who}`}`,
  relayed: (who: string) =>
    `The e-mail was passed on${who === '' ? '' : ` to ${who}`}; that server tells nothing of its delivery`,
  receipts: {
    displayed: 'Read receipt: the e-mail was opened',
    deleted: 'Receipt: the e-mail was deleted unread',
    denied: 'The recipient confirms no reading',
    other: 'A receipt for the e-mail arrived',
  },
  automatic: (words: string) =>
    `An automatic answer arrived; nobody waits for us${words === '' ? '' : `: “${words}”`}`,
  copyRefused: (who: string) => `The copy to ${who} was refused by the server`,
  notices: {
    unexplained: 'The structure of this e-mail is broken: what has no place in it is shown as it came.',
    notBase64:
      'A part was said to be encoded and was not, or is encoded in a way that could not be read: it is shown as it came.',
    tooManyParts: 'The e-mail has too many parts: the last ones are in one file.',
    tooDeep: 'The e-mail has too many parts inside of parts: the deepest ones are in one file.',
    tnef: 'The attachments came inside winmail.dat, a format of Outlook’s own.',
    fromUnclear:
      'The sender could not be read: the answer goes to the address of the envelope. Check before answering.',
    severalFrom:
      'The e-mail has more than one From field: the answer goes to the first. Check who wrote before answering.',
    replyToUnclear:
      'The Reply-To field does not say whom to answer: the answer goes to the address that sent it. Check before answering.',
    misnamed:
      'The name of who wrote holds another address, which was left out: the answer goes to the address shown. Check before answering.',
    crowd:
      'The e-mail was written to more than 50 people: the answer goes to its writer alone, unless you add copies.',
    textCut: 'The text is longer than what is shown; the original is kept.',
    picturesLeft: 'Some pictures inside the text are too large or too many and were left out.',
    notWhole: 'The format of this e-mail is broken: the text is shown as it came; the original is kept.',
    noText: 'The e-mail came without text.',
    filesLeft:
      'The e-mail has more attachments than the limit; the others are in the original, which is kept.',
    renderingsDiffer:
      'The e-mail brought two versions of its text that say different things: both are shown, one below the other.',
    other: 'A part of this e-mail could not be read; the original is kept.',
  },
  original: {
    show: 'Show original',
    title: 'The e-mail as it came',
    lead: (more: boolean): string =>
      more
        ? 'The beginning of what the server received; the file has all of it.'
        : 'What the server received, with all headers.',
    save: 'Download (.eml)',
  },
  aside: {
    title: 'E-mails set aside',
    lead: 'They arrived and became no contact: they look automatic, or could not be read. Nothing was answered. Send what a person wrote to the queue.',
    empty: 'No e-mail set aside',
    list: 'E-mails set aside, newest first',
    noSender: '(no sender)',
    noSubject: '(no subject)',
    choose: 'Choose an e-mail of the list to see its content.',
    more: 'Show more',
    why: 'Why it is here',
    from: 'From',
    replyTo: 'Reply to',
    to: 'To',
    mailbox: 'Mailbox',
    files: 'Attachments',
    broken: 'The structure of this e-mail is broken: the text below is as it came.',
    original: 'Download original (.eml)',
    toQueue: 'Send to the queue',
    queued: 'The e-mail is in the queue, without an automatic answer.',
    openContact: 'Open the contact',
    noText: '(no text)',
    reasons: {
      autoReply: 'Automatic answer (holidays, absence or a system)',
      bulk: 'Bulk mail',
      self: 'Sent by one of the company’s own mailboxes',
      bounce: 'Report of an undelivered e-mail, of an unknown conversation',
      delayed: 'Report of a delayed delivery, of an unknown conversation',
      delivered: 'Report of a delivery, of an unknown conversation',
      relayed: 'Report of an e-mail that was passed on, of an unknown conversation',
      receipt: 'Read receipt, of an unknown conversation',
      complaint: 'Report of unwanted e-mail',
      mailboxGone: 'The mailbox does not exist any more',
      fromUnclear: 'The From field does not say plainly who wrote',
      parserDeadline: 'Reading it would take too long; download the original',
      parserMemory: 'Reading it would take too much memory; download the original',
      parserFailed: 'Reading it failed; download the original',
      unreadable: 'It could not be read',
      other: 'It could not be treated automatically',
    },
  },
};
