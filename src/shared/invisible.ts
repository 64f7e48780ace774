/**
 * Characters without a shape: controls but tab and line ends, marks of direction and zero width, and fillers that some fonts show as
 * a box. They turn a name around or hide in it (Unicode TR36 §2.5), and have no use in what is shown as plain text. Joiners stay:
 * words and emoji need them.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0]/g;
/** Blanks, controls, marks that need a letter, what Unicode lets programs not draw (UAX #44, Default_Ignorable), and the empty cell of Braille. */
const SEEN = /[^\s\p{C}\p{M}\p{DI}\u2800]/u;
/** Half a character, from a broken charset: it cannot be stored as UTF-8. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '');

/** Nothing of it would be seen: it names nobody and says nothing. */
export const isBlank = (text: string): boolean => !SEEN.test(text);

/** `instead`: stands where half a character was. */
export const wellFormed = (text: string, instead = '\ufffd'): string => text.replace(LONE_SURROGATE, instead);
