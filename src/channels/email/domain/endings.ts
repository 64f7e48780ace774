import { safeFilename } from './words.ts';

/** Without its ending no program opens a file; only for files that came without any name. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['application/zip', 'zip'],
  ['application/xml', 'xml'],
  ['application/json', 'json'],
  ['application/rtf', 'rtf'],
  ['application/msword', 'doc'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.ms-powerpoint', 'ppt'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/ogg', 'ogg'],
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['image/bmp', 'bmp'],
  ['image/gif', 'gif'],
  ['image/heic', 'heic'],
  ['image/jpeg', 'jpg'],
  ['image/jpg', 'jpg'],
  ['image/png', 'png'],
  ['image/svg+xml', 'svg'],
  ['image/tiff', 'tif'],
  ['image/webp', 'webp'],
  ['message/delivery-status', 'txt'],
  ['text/calendar', 'ics'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
  ['text/rtf', 'rtf'],
  ['text/tab-separated-values', 'tsv'],
  ['text/vcard', 'vcf'],
  ['text/x-vcard', 'vcf'],
  ['text/xml', 'xml'],
  ['video/mp4', 'mp4'],
  ['video/quicktime', 'mov'],
  ['video/webm', 'webm'],
]);

/** Of a file of a mail, the first is 0. */
export const attachedName = (
  { filename, contentType }: { readonly filename: string | undefined; readonly contentType: string },
  at: number,
): string => safeFilename(filename, `anexo-${at + 1}${endingOf(contentType)}`);

/** Empty: of an unknown type, and of programs, which nobody should open by a name that we gave. Other text can be read as such. */
function endingOf(contentType: string): string {
  const type = contentType.toLowerCase();
  const ending = ENDINGS.get(type) ?? (type.startsWith('text/') ? 'txt' : undefined);
  return ending === undefined ? '' : `.${ending}`;
}
