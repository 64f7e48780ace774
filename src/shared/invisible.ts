/**
 * Characters without a shape: controls but tab and line ends, and marks of direction and zero width. They turn a name around or
 * hide in it (Unicode TR36 §2.5), and have no use in what is shown as plain text. Joiners stay: words and emoji need them.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;
/** Half a character, from a broken charset: it cannot be stored as UTF-8. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '');

/** `instead`: stands where half a character was. */
export const wellFormed = (text: string, instead = '\ufffd'): string => text.replace(LONE_SURROGATE, instead);
