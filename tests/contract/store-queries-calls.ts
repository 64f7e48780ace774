import type { InteractionId } from '../../src/shared/ids.ts';
import { at, C, id, type walk } from './store-queries-rig.ts';

/** What the product asks its stores, function by function: the arguments of each call. */
type Calls = Parameters<typeof walk>[2];

const none = 'none' as InteractionId;
export const CONTACT_CALLS: Calls = {
  load: [[C, none]],
  byKey: [[C, 'none']],
  byOpenThread: [[C, 'none']],
  lastOfThread: [
    [C, 'none'],
    [C, 'x'],
  ],
  lastServed: [[C, 'anonymous']],
  byProtocol: [[C, 'none']],
  unsettled: [[]],
  inStates: [[['queued', 'offered', 'active', 'wrapUp']], [['closed', 'queued'], 'sms']],
  staysSince: [
    [C, new Date('2027-01-01'), { limit: 200 }],
    [C, at, { limit: 200 }],
    // All of them came at one instant: what the pages before had is not looked at again.
    [C, at, { limit: 200, after: { lastQueuedAt: at, id: id(1_300) } }],
  ],
  journal: [[C, [none]]],
  messages: [
    [C, { interactionIds: [none] }],
    [C, { interactionIds: [none] }, { limit: 1 }],
    [C, { interactionIds: [none] }, { order: 'newest', limit: 1 }],
    [C, { interactionIds: [none], direction: 'inbound', until: at }, { order: 'newest', limit: 1 }],
    [C, { externalId: 'none' }],
    [C, { idempotencyKey: 'none' }],
    [C, { id: 'none' }],
  ],
  unsentMessages: [[]],
  replace: [[1, { id: none, thread: null, segments: [], state: { name: 'closed' } }, {}]],
  settle: [[none, 1, []]],
  updateMessage: [
    [C, 'none', ['queued'], { status: 'sent' }],
    [C, 'none', ['queued'], { status: 'failed' }, ['queue:a']],
  ],
  undelivered: [
    [C, { limit: 51 }],
    [C, { limit: 51, after: id(900) }],
    [C, { limit: 51, within: ['queue:b', 'agent:bruno'] }],
    [C, { limit: 51, within: ['queue:a', 'agent:bruno'], after: id(900) }],
    [C, { limit: 51, within: [] }],
  ],
  acknowledge: [[C, 'none']],
  listUndelivered: [[C, 'none', ['queue:a']]],
};

export const MAIL_CALLS: Calls = {
  mailboxes: [[{ companyId: C }], [{ address: 'x', active: true }], [{ companyId: C, _id: 'none' }]],
  updateMailbox: [[C, 'none', { active: false }]],
  updateMail: [['none', { status: 'imported' }]],
  updateOutbox: [['none', { status: 'sent' }]],
  nextAttempt: [['none', at]],
  mailByKey: [[C, 'none']],
  mail: [['none']],
  mailOfMessage: [[C, 'none']],
  byMessageIds: [[C, ['none']]],
  sentByIds: [[C, ['none']]],
  ofSender: [[C, 's', { since: new Date('2027-01-01'), not: '', limit: 10 }]],
  ofProtocol: [[C, 'none']],
  bySenderAndSubject: [[C, 'm', 's', 'other', at]],
  lastOfThread: [[C, 't', 'outbound']],
  unimported: [[]],
  releaseMail: [[C, 'none']],
  setAside: [[C, 50]],
  countSetAside: [[['parse.deadline']]],
  figures: [[]],
  outbox: [
    [{ status: 'queued' }],
    [{ companyId: C, key: 'none' }],
    [{ to: 'y' }],
    [{ $or: [{ to: 'y' }, { cc: 'y' }] }],
  ],
  countOutbox: [
    [{ companyId: C, to: 'y', protocol: 'p', status: { $ne: 'failed' } }],
    [{ companyId: C, mailbox: 'm', at: { $gte: new Date('2027-01-01') } }],
  ],
  attachments: [[C, ['none']]],
  claimAttachment: [[C, 'none', 'x']],
  countUpload: [
    [
      { id: 'w', at },
      { files: 1, bytes: 1 },
    ],
  ],
  forgetUploadCounts: [[new Date(0)]],
  orphanUploads: [[at, 50]],
  removeUpload: [['none']],
  knownFiles: [
    ['raw', ['raw/x']],
    ['attachments', ['attachments/x']],
  ],
  sweptUpTo: [['raw']],
  markSwept: [['raw', '01K00']],
};
