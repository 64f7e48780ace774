declare module 'libmime' {
  const libmime: {
    /** Linear in the value's length; parameters by name in lower case, with the continuations of RFC 2231 joined. */
    parseHeaderValue(value: string): {
      readonly value: string | false;
      readonly params: Readonly<Record<string, string>>;
    };
  };
  export default libmime;
}
