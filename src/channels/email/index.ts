export { createEmailChannel, type EmailChannel, type EmailDeps } from './email.ts';
export { emailRoutes, type EmailRoutesDeps } from './http.ts';
export type { CustomerByEmail, EmailOfCustomer, MailJobs, TimeZoneOf } from './ports.ts';
export type { Mailbox, OutboxMail } from './store.ts';
export type { Mailboxes, NewMailbox } from './mailboxes.ts';
export type { UploadLimits } from './quota.ts';
export type { Attachments } from './attachments.ts';
/** SIP names may hold the encoded words of mails. */
