/** The message parser inside drachtio-srf; the package ships no types for it. */
declare module 'drachtio-srf/lib/sip-parser/parser.js' {
  export interface ParsedMessage {
    method?: string;
    uri?: string;
    version: string;
    status?: number;
    reason?: string;
    headers: Record<string, string>;
    body?: string;
    payload?: { type?: string | null; content?: string }[];
  }
  const parser: {
    parseSipMessage(text: string, lazy: true): ParsedMessage | undefined;
    parseUri(text: string): unknown;
    getParser(header: string): (data: { s: string; i: number }) => unknown;
  };
  export default parser;
}
