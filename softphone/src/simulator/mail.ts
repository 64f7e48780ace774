import { z } from 'zod';

/** One mail of the simulator's mailbox; `inReplyTo` of an answer is the `messageId` (or else the id) of what it answers. */
export const simMail = z.object({
  id: z.string(),
  from: z.union([z.string(), z.object({ address: z.string() }).transform((one) => one.address)]),
  to: z.union([z.string(), z.array(z.string()).transform((list) => list.join(', '))]),
  /** Who else got it. */
  cc: z.array(z.string()).default([]),
  subject: z.string().default(''),
  text: z.string().default(''),
  at: z.string(),
  messageId: z.string().nullish(),
});
export type SimMail = z.infer<typeof simMail>;

/** "Assunto" → "Re: Assunto", once. */
export function replySubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}
