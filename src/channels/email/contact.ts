import {
  isEnd,
  type Interaction,
  type Message,
  type OpenCommand,
  type Opened,
} from '../../interactions/index.ts';
import { type CompanyId, type InteractionId, ulid } from '../../shared/ids.ts';
import { threadFacts, type Arrival, type Doubts, type ImporterDeps } from './arrival.ts';
import { MAILS_PER_HOUR } from './domain/limits.ts';
import { othersOf, type Others } from './domain/people.ts';
import { replyAllOf } from './domain/reply-all.ts';
import type { ParsedMail } from './parse.ts';
import { findThread, type FoundThread } from './find-thread.ts';
import type { MailNotice } from './mime/content.ts';
import type { Mailbox, MailRecord } from './store.ts';

/** A mail becomes a contact in the queue, or goes on with the one that it belongs to. */
export async function contact(deps: ImporterDeps, arrival: Arrival): Promise<void> {
  const { mail, parsed, mailbox, writer } = arrival;
  const { store } = deps;
  const companyId = mail.companyId as CompanyId;
  const customer = await deps.customerByEmail(companyId, writer.address).catch(() => null);
  const found = await findThread(deps, threadFacts(arrival), customer?.id ?? null);
  const thread = found.thread ?? mail.id;
  const command: Omit<OpenCommand, 'idempotencyKey'> = {
    companyId,
    channel: 'email',
    direction: 'inbound',
    contact: { address: writer.address, ...(writer.name === undefined ? {} : { name: writer.name }) },
    customer,
    identity: customer === null ? 'unknown' : 'unconfirmed',
    thread,
    ...(found.token === undefined ? {} : { protocolHint: found.token }),
    subject: parsed.subject,
    to: mailbox.address,
    queue: mailbox.queue,
  };
  const { opened, message } = await place(deps, arrival, found, command);
  const { interaction } = opened;
  const outsider = await isOutsider(deps, mail, opened, found);
  await store.updateMail(mail.id, {
    ...arrival.facts,
    thread,
    protocol: interaction.protocol,
    interactionId: interaction.id,
    messageRef: message.id,
    outsider,
  });
  if (found.foreign !== undefined && !found.proven)
    await tellOnce(deps, interaction, 'sender.mismatch', { protocol: found.foreign });
  if (found.flood)
    await tellOnce(deps, interaction, 'sender.flood', { from: writer.address, perHour: MAILS_PER_HOUR });
  await queue(deps, interaction, mailbox);
  if (await isFirstWord(deps, message)) await confirm(deps, arrival, interaction, outsider);
  await store.updateMail(mail.id, { status: 'imported' });
}

/** The number goes out in writing; where a machine may have written it does not, and whoever answers is told so. */
async function confirm(
  deps: ImporterDeps,
  { mail, mailbox, origin }: Arrival,
  interaction: Interaction,
  outsider: boolean,
): Promise<void> {
  const reason = mail.released === true ? 'released' : origin;
  if (reason === 'human')
    await deps.outbound.acknowledge(interaction, mailbox, { knows: outsider ? 'number' : 'all' });
  else if (mailbox.acknowledge) await tellOnce(deps, interaction, 'acknowledgement.withheld', { reason });
}

/**
 * The mail stands in a contact that somebody will answer. One that was closed while the mail was being written into it would
 * keep it from everybody's sight: then it opens the next one. Not where it stood before the close, put there by a process that was
 * killed before it could write down that the mail is in: somebody has read it.
 */
async function place(
  deps: ImporterDeps,
  arrival: Arrival,
  found: FoundThread,
  command: Omit<OpenCommand, 'idempotencyKey'>,
): Promise<{ readonly opened: Opened; readonly message: Message }> {
  const put = async (key: string) => {
    const opened = await deps.interactions.open({ ...command, idempotencyKey: key });
    return { opened, message: await addText(deps, arrival, found, opened.interaction, key) };
  };
  const key = `email:${arrival.mail.dedupKey}`;
  const first = await put(key);
  if (!first.opened.joined) return first;
  const { companyId, id } = first.opened.interaction;
  const now = await deps.interactions.get(companyId, id);
  if (now === null || !isEnd(now.state)) return first;
  const { closedAt } = now.timestamps;
  const stoodThere =
    first.opened.duplicate &&
    closedAt !== null &&
    first.message.id < ulid(closedAt.getTime(), new Uint8Array(10));
  return stoodThere ? first : put(`${key}:late`);
}

/**
 * The number is older than this contact, and no mail led into it: its customer's name did, which anybody may write. The
 * acknowledgement names the number and nothing else. Once an outsider, always one: a second mail proves no more than the first.
 */
async function isOutsider(
  { protocolFacts }: ImporterDeps,
  mail: MailRecord,
  { interaction, joined, duplicate }: Opened,
  { record }: FoundThread,
): Promise<boolean> {
  if (record !== undefined) return record.outsider === true;
  if (!joined) return false;
  // After a crash the contact is found again, whether it opened its number or joined one: an older number was joined.
  const facts = duplicate ? await protocolFacts(interaction.companyId, interaction.protocol) : null;
  return facts === null || facts.openedAt < mail.at;
}

/** Nothing was said in the contact before, and nothing answered: a mail that was read late stands before what came meanwhile. */
async function isFirstWord(
  { interactions }: ImporterDeps,
  { companyId, interactionId, id }: Message,
): Promise<boolean> {
  const said = { interactionIds: [interactionId] };
  const [first] = await interactions.messages(companyId, said, { limit: 1 });
  const [ours] = await interactions.messages(companyId, { ...said, direction: 'outbound' }, { limit: 1 });
  return first?.id === id && ours === undefined;
}

/** What whoever answers should know of how this mail could be read, by stable codes. */
const noticesOf = (parsed: ParsedMail, doubts: Doubts, others: Others, filesLeft: number): MailNotice[] => [
  ...parsed.notices,
  ...(parsed.whole ? [] : ['notWhole' as const]),
  ...(parsed.text.trim() === '' ? ['noText' as const] : []),
  ...(filesLeft > 0 ? ['filesLeft' as const] : []),
  ...(doubts.answersNobody || doubts.noFrom ? ['fromUnclear' as const] : []),
  ...(doubts.severalFrom ? ['severalFrom' as const] : []),
  ...(doubts.replyToUnclear ? ['replyToUnclear' as const] : []),
  ...(doubts.misnamed ? ['misnamed' as const] : []),
  ...(others.isCrowd ? ['crowd' as const] : []),
];

/** For whoever answers: a line of the journal, once per contact. */
async function tellOnce(
  { interactions }: ImporterDeps,
  { companyId, id }: Interaction,
  kind: 'sender.mismatch' | 'sender.flood' | 'acknowledgement.withheld',
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await interactions.record(companyId, id, { kind, actor: { kind: 'system' }, data, key: kind });
}

async function addText(
  deps: ImporterDeps,
  arrival: Arrival,
  found: FoundThread,
  interaction: Interaction,
  idempotencyKey: string,
): Promise<Message> {
  const { mail, parsed, mailbox, writer, ours, doubts } = arrival;
  const { views, dropped } = await deps.attachments.ofMail(mail, interaction.id, parsed.attachments);
  const others = othersOf({ ...parsed, ours, envelopeFrom: mail.envelopeFrom }, writer);
  const notices = noticesOf(parsed, doubts, others, dropped);
  const replyCc = await answeredBesides(deps, arrival, found, { interaction, others });
  return deps.interactions.addMessage(
    interaction.companyId,
    interaction.id,
    {
      direction: 'inbound',
      author: { kind: 'customer', ...(writer.name === undefined ? {} : { name: writer.name }) },
      from: writer.address,
      to: [mailbox.address, ...others.to],
      ...(others.cc.length === 0 ? {} : { cc: others.cc }),
      ...(replyCc.length > 0 ? { replyCc } : {}),
      ...(writer.via === undefined ? {} : { via: writer.via }),
      ...(notices.length === 0 ? {} : { notices }),
      subject: parsed.subject,
      text: parsed.text,
      ...(parsed.otherText === '' ? {} : { otherText: parsed.otherText }),
      attachments: views,
      at: mail.at,
      ...(mail.messageId === null ? {} : { externalId: mail.messageId }),
    },
    { idempotencyKey },
  );
}

async function answeredBesides(
  { interactions }: ImporterDeps,
  { writer, ours }: Arrival,
  { proven, thread, record }: FoundThread,
  { interaction, others }: { readonly interaction: Interaction; readonly others: Others },
): Promise<string[]> {
  const { companyId, id } = interaction;
  const facts = {
    writer: writer.address,
    copied: others.isCrowd ? [] : [...others.to, ...others.cc],
    contact: interaction.contact.address,
    ours,
  };
  if (proven || thread === undefined) return replyAllOf({ ...facts, trusted: true, before: [] });
  const formerId = record?.interactionId as InteractionId | null | undefined;
  const former = formerId == null || formerId === id ? null : await interactions.get(companyId, formerId);
  const latest = await interactions.messages(
    companyId,
    { interactionIds: former === null ? [id] : [former.id, id] },
    { order: 'newest', limit: MESSAGES_LOOKED_AT },
  );
  const before = latest.toReversed();
  return replyAllOf({
    ...facts,
    trusted: false,
    before,
    ...(former === null ? {} : { formerContact: former.contact.address }),
  });
}

/** Who took no part in so many is not in the conversation any more. */
const MESSAGES_LOOKED_AT = 50;

async function queue(
  { interactions, queueFor }: ImporterDeps,
  { companyId, id }: Interaction,
  mailbox: Mailbox,
): Promise<void> {
  const now = await interactions.get(companyId, id);
  // Only what has just arrived: a conversation that goes on keeps its place, or its operator.
  if (now?.state.name !== 'arriving') return;
  const outcome = await interactions.apply(companyId, id, {
    type: 'enqueued',
    // A company without any queue keeps its mails where it wanted them: they are offered once the queue exists.
    queue: (await queueFor?.({ companyId, id }, mailbox.queue)) ?? mailbox.queue,
    priority: mailbox.priority,
  });
  if (!outcome.ok && outcome.error.code !== 'interaction.illegalTransition')
    throw new Error(`mail could not be queued: ${outcome.error.code}`);
}
