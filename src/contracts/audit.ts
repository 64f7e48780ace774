/** Words of the audit log (ADR 0023): each is told in both languages on its page. */

/** Who came in, or tried to; what people are allowed, and what was refused them. */
const access = [
  'auth.login',
  'auth.logout',
  'auth.refused',
  'auth.locked',
  'auth.unknown',
  'access.refused',
  'user.list',
  'user.create',
  'user.update',
  'user.unlock',
  'user.password',
  'apiKey.create',
  'apiKey.update',
  'audit.read',
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

/** What is looked at of people, and what is done for them. */
const work = [
  'agent.presence',
  'agent.history',
  'customer.search',
  'customer.read',
  'customer.context',
  'customer.chosen',
  'customer.confirmed',
  'customer.cleared',
  'protocol.search',
  'protocol.read',
  'protocol.dossier',
  'protocol.update',
  'interaction.list',
  'interaction.read',
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
  'interaction.monitor',
  'call.started',
  'call.refused',
  'recording.listen',
  'attachment.read',
  'attachment.upload',
  'mail.list',
  'mail.read',
  'mail.original',
  'mail.queue',
] as const;

export const auditActs = [...access, ...settings, ...work] as const;
export type AuditAct = (typeof auditActs)[number];

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
