import { createHash } from 'node:crypto';

/** Hash of a mail's body while it comes in; neither the header counts nor the line breaks that a relay left at the end. */
export interface BodyHash {
  update(chunk: Buffer): void;
  digest(): string;
}

const LF = 10;
const CR = 13;

export function createBodyHash(): BodyHash {
  const hash = createHash('sha256');
  const place = { inBody: false, lineStart: true };
  let held: Buffer[] = [];

  /** Line breaks wait until something follows them. */
  const body = (chunk: Buffer): void => {
    let end = chunk.length;
    while (end > 0 && (chunk[end - 1] === LF || chunk[end - 1] === CR)) end -= 1;
    if (end > 0) {
      for (const breaks of held) hash.update(breaks);
      hash.update(chunk.subarray(0, end));
      held = [];
    }
    if (end < chunk.length) held.push(Buffer.from(chunk.subarray(end)));
  };
  /** Where the body begins in this chunk; undefined: the header goes on in the next one. */
  const bodyStart = (chunk: Buffer): number | undefined => {
    for (let at = 0; at < chunk.length; ) {
      if (place.lineStart && chunk[at] === LF) return at + 1;
      if (place.lineStart && chunk[at] === CR) {
        at += 1;
        continue;
      }
      const feed = chunk.indexOf(LF, at);
      place.lineStart = feed >= 0;
      if (feed < 0) return undefined;
      at = feed + 1;
    }
    return undefined;
  };
  return {
    update(chunk) {
      const start = place.inBody ? 0 : bodyStart(chunk);
      if (start === undefined) return;
      place.inBody = true;
      body(chunk.subarray(start));
    },
    digest: () => hash.digest('hex'),
  };
}
