/** The text with its percent escapes decoded (RFC 3986 §2.1); as it stands where a percent sign is no escape, or no UTF-8. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
