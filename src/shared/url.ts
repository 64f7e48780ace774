/** The address to which a path is appended. */
export const withoutLastSlashes = (url: string): string => url.replace(/(?<!\/)\/+$/, '');
