import { Schema } from 'mongoose';

const options = { versionKey: false, autoIndex: false, minimize: false, strictQuery: true } as const;
const text = { type: String, default: null };
const must = { type: String, required: true };

const schemaOf = (collection: string, fields: Readonly<Record<string, unknown>>): Schema =>
  new Schema(fields as never, { ...options, collection });

function mailboxSchema(): Schema {
  const mailbox = schemaOf('mailboxes', {
    _id: must,
    companyId: must,
    address: must,
    name: { type: String, default: '' },
    queue: must,
    priority: Number,
    acknowledge: Boolean,
    acknowledgeText: text,
    active: Boolean,
  });
  mailbox.index({ address: 1 }, { unique: true });
  mailbox.index({ companyId: 1, _id: -1 });
  return mailbox;
}

function mailSchema(): Schema {
  const mail = schemaOf('mails', {
    _id: must,
    companyId: must,
    mailbox: must,
    direction: must,
    status: must,
    dedupKey: must,
    messageId: text,
    references: [String],
    envelopeFrom: { type: String, default: '' },
    client: text,
    recipient: { type: String, default: '' },
    file: text,
    sender: text,
    senderKey: text,
    cc: { type: [String], default: undefined },
    outsider: Boolean,
    released: Boolean,
    reason: text,
    preview: text,
    starts: Number,
    bytes: Number,
    subject: text,
    subjectKey: text,
    origin: text,
    thread: text,
    protocol: text,
    interactionId: text,
    messageRef: text,
    at: Date,
  });
  mail.index({ companyId: 1, dedupKey: 1 }, { unique: true });
  mail.index({ companyId: 1, messageId: 1 });
  mail.index({ companyId: 1, messageRef: 1, _id: -1 });
  mail.index({ companyId: 1, protocol: 1, _id: -1 });
  mail.index({ companyId: 1, mailbox: 1, sender: 1, subjectKey: 1, direction: 1, _id: -1 });
  mail.index({ companyId: 1, senderKey: 1, at: 1 });
  mail.index({ companyId: 1, thread: 1, direction: 1, _id: -1 });
  mail.index({ status: 1, _id: 1 });
  mail.index({ status: 1, reason: 1 });
  mail.index({ companyId: 1, status: 1, _id: -1 });
  mail.index({ file: 1 });
  return mail;
}

function outboxSchema(): Schema {
  const outbox = schemaOf('outbox', {
    _id: must,
    companyId: must,
    key: must,
    kind: must,
    mailbox: must,
    from: Schema.Types.Mixed,
    to: must,
    toName: text,
    cc: { type: [String], default: undefined },
    toKey: text,
    toDomain: text,
    subject: { type: String, default: '' },
    text: { type: String, default: '' },
    messageId: must,
    inReplyTo: text,
    references: [String],
    automatic: Boolean,
    attachments: [String],
    status: must,
    error: text,
    attempt: Number,
    nextAt: Date,
    tries: Number,
    giveUpAt: Date,
    pending: { type: [String], default: undefined },
    interactionId: text,
    messageRef: text,
    protocol: { type: String, default: '' },
    at: Date,
  });
  outbox.index({ companyId: 1, key: 1 }, { unique: true });
  outbox.index({ to: 1, at: 1 });
  outbox.index({ cc: 1, _id: -1 });
  outbox.index({ companyId: 1, toKey: 1, at: 1 });
  outbox.index({ companyId: 1, toDomain: 1, at: 1 });
  outbox.index({ companyId: 1, mailbox: 1, at: 1 });
  outbox.index({ status: 1, _id: -1 });
  return outbox;
}

function attachmentSchema(): Schema {
  const attachment = schemaOf('mailAttachments', {
    _id: must,
    companyId: must,
    interactionId: text,
    uploadedBy: text,
    filename: must,
    contentType: must,
    sizeBytes: Number,
    file: must,
    at: Date,
  });
  attachment.index({ interactionId: 1, at: 1 });
  return attachment;
}

/** What came up from the desks in one window. */
function uploadCountSchema(): Schema {
  const count = schemaOf('uploadCounts', { _id: must, files: Number, bytes: Number, at: Date });
  count.index({ at: 1 });
  return count;
}

/** Collections of the channel and their indexes. */
export const mailSchemas = () => ({
  mailbox: mailboxSchema(),
  mail: mailSchema(),
  outbox: outboxSchema(),
  attachment: attachmentSchema(),
  uploadCount: uploadCountSchema(),
  sweep: schemaOf('mailSweeps', { _id: must, folder: must }),
});
