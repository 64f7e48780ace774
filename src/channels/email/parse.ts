import { open, readFile } from 'node:fs/promises';
import { isBlank } from '../../shared/invisible.ts';
import { decodeText } from '../../shared/mime/charset.ts';
import { headerText } from '../../shared/mime/encoded-words.ts';
import { readAddresses, type AddressList } from './domain/addresses.ts';
import type { Address } from './domain/people.ts';
import { plainName } from './domain/plain-name.ts';
import { messageIds, type MailId } from './domain/threads.ts';
import { boundedText, safeText } from './domain/words.ts';
import { contentOf, type MailNotice } from './mime/content.ts';
import { readHeader, type Header } from './mime/header.ts';
import { readStructure } from './mime/structure.ts';
import { shownOf } from './shown.ts';

export interface ParsedAttachment {
  readonly filename: string | undefined;
  readonly contentType: string;
  readonly content: Buffer;
}

export type ParsedAddress = Address;

/** A mail as far as it can be read. Something can always be read. */
export interface ParsedMail {
  readonly from: ParsedAddress | undefined;
  /** There is a From, and it does not say plainly who wrote: nobody may be answered in its place. */
  readonly fromUnclear: boolean;
  /** Who else wrote it (RFC 5322 §3.6.2: From may name several, and Sender who sent it). */
  readonly authors: readonly ParsedAddress[];
  /** Several From lines, which no standard allows, name several people. */
  readonly severalFrom: boolean;
  readonly replyTo: readonly ParsedAddress[];
  /** Of From and Reply-To: those whose name is, or holds, another address. */
  readonly misnamed: readonly string[];
  readonly to: readonly ParsedAddress[];
  readonly cc: readonly ParsedAddress[];
  readonly subject: string;
  readonly text: string;
  /** What another rendering says that says something else; empty: none does. */
  readonly otherText: string;
  readonly messageId: MailId | undefined;
  readonly references: readonly MailId[];
  /** By name in lower case; the first of its name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly header: (name: string) => string | undefined;
  readonly attachments: readonly ParsedAttachment[];
  readonly notices: readonly MailNotice[];
  /** False: the mail was beyond reading in full and the text is the raw body. */
  readonly whole: boolean;
}

const RAW_TEXT = 64 * 1024;

/** Reads a raw mail. Never rejects for what stands in it: what cannot be read becomes its plain text. */
export async function parseMail(file: string): Promise<ParsedMail> {
  const bytes = await readFile(file);
  try {
    return readMail(bytes);
  } catch {
    return plainMail(bytes.subarray(0, RAW_TEXT));
  }
}

/** Headers and the body as it came: for what is too much for the full reading. */
export async function parsePlain(file: string): Promise<ParsedMail> {
  return plainMail(await readHead(file));
}

/** What tells one mail from another beside its body, read before anything is parsed: its id, and who says what to whom. */
export async function mailIdentity(file: string): Promise<{ messageId: MailId | null; says: string }> {
  const { header } = readHeader(await readHead(file));
  const says = ['from', 'reply-to', 'subject'].map((name) => header.all(name).join(', '));
  return {
    messageId: messageIds(header.get('message-id'))[0] ?? null,
    // Relays fold lines anew.
    says: says.join('\n').replace(/[ \t]+/g, ' '),
  };
}

/** Of all that stands in a mail. */
export function readMail(bytes: Buffer): ParsedMail {
  const structure = readStructure(bytes);
  const content = contentOf(bytes, structure);
  const { text, otherText, files, notices } = shownOf(content);
  const [main, other] = [boundedText(text), boundedText(otherText)];
  return {
    ...headFacts(structure.root.header, content.charset),
    text: main.text,
    otherText: other.text,
    attachments: [
      ...content.files.map(({ filename, contentType, content: file }) => ({
        filename,
        contentType,
        content: file,
      })),
      ...files,
    ],
    notices: noticesOf(content.notices, notices, main.cut || other.cut ? ['textCut'] : []),
    whole: true,
  };
}

const noticesOf = (...notices: readonly (readonly MailNotice[])[]): MailNotice[] => [
  ...new Set(notices.flat()),
];

type HeadFacts = Omit<ParsedMail, 'text' | 'otherText' | 'attachments' | 'notices' | 'whole'>;

/** `charset`: of the body, for headers that were written without any encoding. */
function headFacts(header: Header, charset: string | undefined): HeadFacts {
  const list = (name: string): AddressList => readAddresses(header.all(name).join(', '));
  const named = (read: AddressList) =>
    read.people.map((one) => personOf(one, charset)).filter(({ address }) => isClean(address));
  const people = (read: AddressList): ParsedAddress[] =>
    named(read).map(({ address, name }) => ({ address, name }));
  const from = list('from');
  const answerable = list('reply-to');
  const writers = people(from);
  const replyTo = people(answerable);
  const known = new Map<string, string>();
  for (const { name, value } of header.fields)
    if (!known.has(name)) known.set(name, headerText(value, charset).replace(/[\r\n\0]+/g, ' '));
  const written = (header.get('from') ?? '').trim();
  return {
    from: writers[0] ?? replyTo[0],
    fromUnclear: written !== '' && written !== '<>' && (from.unread || writers.length === 0),
    authors: writers.slice(1),
    severalFrom: header.all('from').length > 1 && writers.length > 1,
    replyTo,
    misnamed: [from, answerable].flatMap((read) =>
      named(read).flatMap(({ address, misleads }) => (misleads ? [address] : [])),
    ),
    to: people(list('to')),
    cc: people(list('cc')),
    subject: inLine(known.get('subject') ?? '').slice(0, 300),
    messageId: messageIds(header.get('message-id'))[0],
    references: messageIds(header.all('references'), header.all('in-reply-to')),
    headers: known,
    header: (name) => known.get(name),
  };
}

/** Of what UTF-8 brought: no blank but inside of quotation marks. */
const isClean = (address: string): boolean =>
  !/\p{Cc}|[^\S ]/u.test(address) && !address.replace(/^"(?:[^"\\]|\\.)*"/, '').includes(' ');

/** One line, or nothing where nothing of it would be seen. */
function inLine(text: string): string {
  const line = safeText(text.replace(/\u0085/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  return isBlank(line) ? '' : line;
}

function personOf(
  { address, name }: { readonly address: string; readonly name: string | undefined },
  charset: string | undefined,
): ParsedAddress & { readonly misleads: boolean } {
  const words = name === undefined ? '' : inLine(headerText(name, charset));
  // Beyond ASCII an address is UTF-8 (RFC 6532 §3.2); its bytes came one a character.
  const read = /[^ -~]/.test(address)
    ? decodeText(Buffer.from(address, 'latin1')).text.toLowerCase()
    : address;
  return { address: read, ...plainName(words.slice(0, 120), read) };
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(RAW_TEXT);
    const { bytesRead } = await handle.read(buffer, 0, RAW_TEXT, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function plainMail(head: Buffer): ParsedMail {
  const { header, body } = readHeader(head);
  const { text, charset } = decodeText(head.subarray(body));
  const { text: shown, cut } = boundedText(text);
  return {
    ...headFacts(header, charset),
    text: shown,
    otherText: '',
    attachments: [],
    notices: cut ? ['textCut'] : [],
    whole: false,
  };
}
