import { decodeText, metaCharset } from '../../../shared/mime/charset.ts';
import { headerText } from '../../../shared/mime/encoded-words.ts';
import { chosen } from './alternative.ts';
import { enrichedText, richText } from './enriched.ts';
import { readHeader } from './header.ts';
import type { Part, Stray, Structure } from './structure.ts';
import { decodeTransfer, unflow, type Transferred } from './transfer.ts';
import { uudecode } from './uuencode.ts';
import { fieldValue } from './values.ts';

/** What a reader of the mail should know about it; stable codes, shown at the message. */
export const MAIL_NOTICES = [
  /** Something stood outside of all parts, and is shown as it came. */
  'unexplained',
  'tooManyParts',
  'tooDeep',
  /** Said to be encoded, and is not, or in no way that we know; or a file inside of the text that is broken. */
  'notBase64',
  /** Outlook's own package: its files are inside. */
  'tnef',
  /** There is more text than is shown. */
  'textCut',
  /** Pictures that stood inside the text were too many or too large. */
  'picturesLeft',
  /** The mail came in several renderings that say different things: the other one is kept too. */
  'renderingsDiffer',
  /** The structure is broken: the text is the body as it came. */
  'notWhole',
  /** The mail says nothing in words. */
  'noText',
  /** Files beyond the limits of a message. */
  'filesLeft',
  /** From names nobody: the answer goes to the address of the envelope. */
  'fromUnclear',
  /** Several From lines, of several people: the first one is answered. */
  'severalFrom',
  'replyToUnclear',
  /** The name of who wrote is another address: the answer goes to the one behind it. */
  'misnamed',
  'crowd',
] as const;
export type MailNotice = (typeof MAIL_NOTICES)[number];

export interface ContentFile {
  readonly filename: string | undefined;
  readonly contentType: string;
  readonly content: Buffer;
  /** Content-ID, without brackets. */
  readonly id: string | undefined;
}

type WordsKind = 'plain' | 'html' | 'other';

/** Words of a mail, still in the form in which they came. */
export interface Words {
  /** `other`: of a subtype of text that is neither. */
  readonly kind: WordsKind | 'stray';
  readonly text: string;
  /** Written for programs: shown where nothing else says the same. */
  readonly forPrograms?: true;
}

/** Words that came in several renderings. */
export interface Choice {
  readonly shown: readonly Words[];
  readonly others: readonly (readonly Words[])[];
}

export interface Content {
  readonly words: readonly Words[];
  /** Of those words. */
  readonly choices: readonly Choice[];
  readonly files: readonly ContentFile[];
  readonly notices: readonly MailNotice[];
  /** Of the first words; undefined: there are none. */
  readonly charset: string | undefined;
}

/** Far more than is ever shown. */
const MAX_PLAIN = 1024 * 1024;
/** HTML may hold whole pictures. */
const MAX_HTML = 26 * 1024 * 1024;
/** A larger piece of a broken mail is a file. */
const MAX_STRAY = 16 * 1024;

export interface Rendered {
  readonly words: readonly Words[];
  /** Absent: none. */
  readonly choices?: readonly Choice[];
  readonly files: readonly ContentFile[];
}
/** Where a part stands: a rendering is one of several of the same words (multipart/alternative), or the whole mail. */
type Place = 'rendering' | 'first' | 'other';

/** The words and files of a mail, of whatever its structure says that they are. */
export function contentOf(bytes: Buffer, { root, rest }: Structure): Content {
  const notices = new Set<MailNotice>();
  const seen: { charset: string | undefined } = { charset: undefined };
  const reader = { bytes, notices, seen };
  const { words, choices = [], files } = render(reader, root, 'rendering');
  if (rest !== undefined) notices.add('tooManyParts');
  const more =
    rest === undefined ? [] : [rawFile('partes-restantes.txt', bytes.subarray(rest.from, rest.to))];
  return { words, choices, files: [...files, ...more], notices: [...notices], charset: seen.charset };
}

interface Reader {
  readonly bytes: Buffer;
  readonly notices: Set<MailNotice>;
  readonly seen: { charset: string | undefined };
}

function render(reader: Reader, part: Part, place: Place): Rendered {
  if (part.content.length > 0) return renderMultipart(reader, part);
  if (part.tooDeep) {
    reader.notices.add('tooDeep');
    return { words: [], files: [rawFile('parte.eml', reader.bytes.subarray(part.start, part.to))] };
  }
  if (part.type.value.startsWith('multipart/')) {
    // Its boundary is missing: it has no parts, but words all the same.
    const whole: Stray = { kind: 'stray', where: 'epilogue', from: part.from, to: part.to };
    return renderStray(reader, whole, false);
  }
  return renderLeaf(reader, part, place);
}

function renderMultipart(reader: Reader, { type, content }: Part): Rendered {
  const parts = content.filter((one) => one.kind === 'part');
  const rendered = new Map<Part | Stray, Rendered>();
  const alternative = type.value === 'multipart/alternative';
  for (const one of content) {
    const place = alternative ? 'rendering' : one === parts[0] ? 'first' : 'other';
    rendered.set(
      one,
      one.kind === 'part' ? render(reader, one, place) : renderStray(reader, one, parts.length > 0),
    );
  }
  const all = (from: readonly (Part | Stray)[]): Rendered => {
    const each = from.flatMap((one) => rendered.get(one) ?? []);
    return {
      words: each.flatMap(({ words }) => words),
      choices: each.flatMap(({ choices = [] }) => choices),
      files: content.flatMap((one) => rendered.get(one)?.files ?? []),
    };
  };
  if (!alternative) return all(content);
  const { shown, choice } = chosen(parts.map((part) => ({ part, ...(rendered.get(part) ?? NOTHING) })));
  const kept = all(content.filter((one) => one.kind === 'stray' || one === shown));
  return { ...kept, choices: [...(kept.choices ?? []), ...choice] };
}

const NOTHING: Rendered = { words: [], files: [] };

/** What every program writes for readers that know no MIME. */
const FOR_OLD_READERS = /mime|multi-?part/i;

function renderStray(reader: Reader, { where, from, to }: Stray, hasParts: boolean): Rendered {
  const bytes = reader.bytes.subarray(from, to);
  const start = bytes.toString('latin1', 0, 1000);
  const usual = where === 'preamble' && hasParts && bytes.length < 1000 && FOR_OLD_READERS.test(start);
  if (usual || isBlank(bytes)) return { words: [], files: [] };
  reader.notices.add('unexplained');
  if (bytes.length > MAX_STRAY) return { words: [], files: [rawFile('trecho.txt', bytes)] };
  return { words: [{ kind: 'stray', text: decodeText(bytes).text }], files: [] };
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte <= 32);

const rawFile = (filename: string, content: Buffer): ContentFile => ({
  filename,
  contentType: filename.endsWith('.eml') ? 'message/rfc822' : 'text/plain',
  content: Buffer.from(content),
  id: undefined,
});

function renderLeaf(reader: Reader, part: Part, place: Place): Rendered {
  const { header, type } = part;
  const disposition = fieldValue(header.get('content-disposition'));
  const name = nameOf(disposition.params.get('filename') ?? type.params.get('name'));
  const kind = wordsKind(type.value, disposition.value, name, place);
  const raw = reader.bytes.subarray(part.from, part.to);
  const encodings = header.all('content-transfer-encoding').map((one) => fieldValue(one).value);
  const { bytes, asItCame } = decodeTransfer(raw, encodings.join(','), { text: kind !== undefined });
  if (asItCame) reader.notices.add('notBase64');
  const isRtf = type.value === RICHTEXT && bytes.toString('latin1', 0, 5) === '{\\rtf';
  if (kind !== undefined && !isRtf) return renderWords(reader, part, kind, { bytes, asItCame });
  const tnef = TNEF.has(type.value) || name?.toLowerCase() === 'winmail.dat';
  if (tnef) reader.notices.add('tnef');
  const filename = fileName(name ?? (tnef ? 'winmail.dat' : unnamed(type.value, bytes)), type.value);
  const id = header.get('content-id')?.trim().replace(/^<|>$/g, '');
  // A copy: the thread hands over bytes of its own, not the whole mail.
  return { words: [], files: [{ filename, contentType: type.value, content: Buffer.from(bytes), id }] };
}

/** A file of a program from before MIME may stand inside of the words. */
function renderWords(reader: Reader, part: Part, kind: WordsKind, read: Transferred): Rendered {
  if (kind !== 'plain') return { words: [wordsOf(reader, part, kind, read)], files: [] };
  const { files, rest, broken } = uudecode(read.bytes);
  if (broken) reader.notices.add('notBase64');
  return {
    words: [wordsOf(reader, part, kind, { ...read, bytes: rest })],
    files: files.map(({ filename, content }) => ({
      filename: nameOf(filename),
      contentType: 'application/octet-stream',
      content,
      id: undefined,
    })),
  };
}

/** RFC 1341 §7.1.3; Outlook's own format goes by this name too. */
const RICHTEXT = 'text/richtext';
const TNEF = new Set(['application/ms-tnef', 'application/vnd.ms-tnef']);
const textType = (subtype: string): string => `text/${subtype}`;
/** The first two, and names that programs took for them. */
const HTML = new Set([
  'text/html',
  'application/xhtml+xml',
  'application/html',
  'text/x-html',
  'text/xhtml',
  'text/xhtml+xml',
  'text/htm',
]);
/** HTML that only some programs show, and that is sent beside other renderings; where it comes alone it is what was written. */
const FOR_PROGRAMS = new Set(['text/x-amp-html', 'text/watch-html']);

/** A part with a name is a file, unless it is all that the mail says; undefined: a file. */
function wordsKind(
  type: string,
  disposition: string,
  name: string | undefined,
  place: Place,
): WordsKind | undefined {
  if (disposition === 'attachment' || (name !== undefined && place !== 'rendering')) return undefined;
  if (HTML.has(type)) return 'html';
  if (FOR_PROGRAMS.has(type) && place !== 'other') return 'html';
  if (type === 'text/plain') return 'plain';
  // RFC 2046 §4.1.4: words in a form that nobody knows are words. Behind others they are a file.
  return type.startsWith('text/') && place !== 'other' && !TEXT_FILES.has(type) ? 'other' : undefined;
}

/** Of these we know what they are: data, code, or the header of a mail that came back. */
const TEXT_FILES = new Set([
  ...FOR_PROGRAMS,
  ...['calendar', 'x-vcalendar', 'vcard', 'x-vcard', 'directory', 'csv', 'tab-separated-values', 'xml'].map(
    textType,
  ),
  ...['rtf', 'css', 'javascript', 'x-patch', 'rfc822', 'rfc822-headers'].map(textType),
]);

function wordsOf({ seen }: Reader, { type, header }: Part, kind: WordsKind, { bytes }: Transferred): Words {
  const kept = cut(bytes, kind === 'html' ? MAX_HTML : MAX_PLAIN);
  const inside = kind === 'html' ? () => metaCharset(kept) : undefined;
  const { text, charset } = decodeText(kept, type.params.get('charset'), inside);
  if (seen.charset === undefined && bytes.length > 0) seen.charset = charset;
  const flowed = type.params.get('format')?.toLowerCase() === 'flowed' && !header.cut;
  const deleteBlank = type.params.get('delsp')?.toLowerCase() === 'yes';
  if (type.value === RICHTEXT) return { kind, text: richText(text) };
  if (type.value === 'text/enriched') return { kind, text: enrichedText(text) };
  const said = kind === 'plain' && flowed ? unflow(text, deleteBlank) : text;
  return { kind, text: said, ...(FOR_PROGRAMS.has(type.value) && { forPrograms: true }) };
}

/** Not in the middle of a character. */
function cut(bytes: Buffer, max: number): Buffer {
  if (bytes.length <= max) return bytes;
  let end = max;
  while (end > max - 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function nameOf(raw: string | undefined): string | undefined {
  if (raw === undefined || raw.trim() === '') return undefined;
  // RFC 2231 gave characters already; anything else is bytes, perhaps with words of RFC 2047 in it.
  return /[^\u0000-\u00ff]/.test(raw) ? raw : headerText(raw);
}

/** Without its ending no program opens an attached mail. */
const fileName = (name: string | undefined, type: string): string | undefined =>
  name !== undefined && MAILS.has(type) && !/\.eml$/i.test(name) ? `${name}.eml` : name;

const MAILS = new Set(['message/rfc822', 'message/global']);

function unnamed(type: string, content: Buffer): string | undefined {
  if (type === 'text/calendar') return 'convite.ics';
  if (!MAILS.has(type)) return undefined;
  const subject = headerText(readHeader(content).header.get('subject') ?? '')
    .replace(/[/\\]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
  return subject === '' ? 'mensagem' : subject.slice(0, 100);
}
