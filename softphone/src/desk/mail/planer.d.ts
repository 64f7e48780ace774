declare module 'planer' {
  interface Cut {
    wereLinesDeleted?: boolean;
    firstLine?: number;
    lastLine?: number;
  }
  const planer: {
    /** `markers`: one letter a line (e empty, m quoted, s splitter, f forwarded, t text). Tells in `cut` which lines are quotation. */
    processMarkedLines(lines: string[], markers: string, cut: Cut): string[];
  };
  export default planer;
}
