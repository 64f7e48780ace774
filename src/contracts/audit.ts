/** Words of the audit log (ADR 0023): each is told in both languages on its page. */

/** Data of people is looked at: what every desk does all day. */
export const auditLooks = [
  'user.list',
  'audit.read',
  'agent.history',
  'customer.search',
  'customer.read',
  'customer.context',
  'protocol.search',
  'protocol.read',
  'protocol.dossier',
  'interaction.list',
  'interaction.read',
  'recording.listen',
  'attachment.read',
  'mail.list',
  'mail.read',
  'mail.original',
] as const;
export type AuditLook = (typeof auditLooks)[number];

/** Who came in, or tried to; what people are allowed, and what was refused them. */
const access = [
  'auth.login',
  'auth.logout',
  'auth.refused',
  'auth.locked',
  'auth.unknown',
  'access.refused',
  'user.create',
  'user.update',
  'user.unlock',
  'user.password',
  'apiKey.create',
  'apiKey.update',
] as const;

const settings = [
  'company.create',
  'company.update',
  'did.create',
  'did.update',
  'trunk.create',
  'trunk.update',
  'calendar.create',
  'calendar.update',
  'queue.create',
  'queue.update',
  'mailbox.create',
  'mailbox.update',
] as const;

/** What is done for people. */
const work = [
  'agent.presence',
  'customer.chosen',
  'customer.confirmed',
  'customer.cleared',
  'protocol.update',
  'interaction.accept',
  'interaction.reject',
  'interaction.take',
  'interaction.assign',
  'interaction.transfer',
  'interaction.close',
  'interaction.ended',
  'interaction.extend',
  'interaction.hangup',
  'interaction.hold',
  'interaction.resume',
  'interaction.dtmf',
  'interaction.note',
  'interaction.message',
  'interaction.resend',
  'interaction.acknowledge',
  'interaction.monitor',
  'call.started',
  'call.refused',
  'attachment.upload',
  'mail.queue',
] as const;

/** What is done, as against what is only looked at. */
export const auditDeeds = [...access, ...settings, ...work] as const;
export type AuditDeed = (typeof auditDeeds)[number];

export const auditActs = [...auditDeeds, ...auditLooks] as const;
export type AuditAct = (typeof auditActs)[number];

/** Each line is one of them; acts that no version knows any more were deeds. */
export const auditKinds = ['act', 'look'] as const;
export type AuditKind = (typeof auditKinds)[number];

const looks: ReadonlySet<string> = new Set(auditLooks);
export const auditKindOf = (action: string): AuditKind => (looks.has(action) ? 'look' : 'act');

/** What an act was done to. */
export const auditTargets = [
  'user',
  'apiKey',
  'audit',
  'route',
  'company',
  'did',
  'trunk',
  'calendar',
  'queue',
  'mailbox',
  'agent',
  'customer',
  'protocol',
  'interaction',
  'number',
  'attachment',
  'mail',
] as const;
export type AuditTarget = (typeof auditTargets)[number];

/** Why a call of the API leaves no line: the whole list. */
export const unauditedReasons = {
  own: "the caller's own account, presence, softphone or unfinished draft",
  settings: 'settings, figures and lists of the house that hold nothing of a customer',
  colleagues: 'names and presence of colleagues, which stand on every desk',
  system: 'health, figures, the document of the API, the simulator of the demo',
} as const;
export type UnauditedReason = keyof typeof unauditedReasons;
