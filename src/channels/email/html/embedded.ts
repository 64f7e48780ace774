import type { InlineFiles } from './pictures.ts';
import { unescaped } from '../../../shared/percent.ts';
import type { Tag } from './tokens.ts';

const MAX_ALT = 300;

/** Pictures of one point count who opened the mail. */
export const isDot = ({ attribute }: Tag): boolean =>
  ['width', 'height'].some((side) => /^\s*[01](?:px)?\s*$/.test(attribute(side) ?? ''));

/** A picture by its name or by what its sender says that it shows, in brackets. */
export function pictureWords(
  { attribute }: Tag,
  {
    inline,
    pictureName,
  }: {
    readonly inline: InlineFiles;
    readonly pictureName: (contentId: string) => string | undefined;
  },
): string {
  const alt = (attribute('alt') ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_ALT);
  const source = (attribute('src') ?? '').trim();
  const name = /^cid:/i.test(source) ? pictureName(contentId(source)) : inline.take(source);
  if (name !== undefined) return ` [${name}] `;
  // Mail programs send emoji as pictures.
  if (/^\p{Extended_Pictographic}/u.test(alt) && alt.length <= 16) return alt;
  return alt === '' ? '' : ` [${alt}] `;
}

const contentId = (source: string): string => unescaped(source.slice('cid:'.length));

/** A form that was filled in and sent as a page: its values are what it says. */
export function inputWords({ attribute }: Tag): string {
  const type = (attribute('type') ?? 'text').toLowerCase();
  if (type === 'hidden' || type === 'password' || type === 'image') return '';
  if (type === 'checkbox' || type === 'radio') return attribute('checked') === undefined ? ' [ ] ' : ' [x] ';
  return ` ${attribute('value') ?? ''} `;
}
