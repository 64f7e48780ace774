import { parseNameAddress, splitList, userOf } from './embedded/sip-values.ts';

/** Who sent a call on to us, as the caller's side tells it. Nobody proves it: it is shown, and identifies nobody. */
export interface Diversion {
  /** The number that was called before ours. */
  readonly by: string;
  /** Why, in the words of RFC 5806: unconditional, user-busy, no-answer, unavailable …; empty when it is not told. */
  readonly reason: string;
}

const MOST = 64;
const clip = (text: string): string => text.slice(0, MOST);

/** Causes of RFC 4458 and their words of RFC 5806. */
const CAUSES: Readonly<Record<string, string>> = {
  '302': 'unconditional',
  '404': 'unknown',
  '408': 'no-answer',
  '480': 'deflection',
  '486': 'user-busy',
  '487': 'deflection',
  '503': 'unavailable',
};

/** RFC 5806 §4: the last diversion stands first. */
function fromDiversion(value: string | undefined): Diversion | undefined {
  const address = parseNameAddress(splitList(value)[0] ?? '');
  const by = userOf(address?.uri ?? '');
  if (by === undefined || by === '') return undefined;
  return { by: clip(by), reason: clip((address?.params['reason'] ?? '').replace(/"/g, '').toLowerCase()) };
}

/** RFC 7044 §5: `mp` on the newest entry that has one names the entry that was mapped to it. */
function fromHistory(value: string | undefined): Diversion | undefined {
  const entries = splitList(value).flatMap((part) => {
    const address = parseNameAddress(part);
    return address === undefined ? [] : [address];
  });
  const mapped = entries.findLast(({ params }) => params['mp'] !== undefined);
  const from = entries.find(
    ({ params }) => params['index'] !== undefined && params['index'] === mapped?.params['mp'],
  );
  const by = userOf(from?.uri.split('?', 1)[0] ?? '');
  if (mapped === undefined || by === undefined || by === '') return undefined;
  // The cause stands in the new target (RFC 4458), or as an escaped Reason in the old one.
  const cause = /cause(?:=|%3D)(\d{3})/i.exec(`${mapped.uri} ${from?.uri ?? ''}`)?.[1] ?? '';
  return { by: clip(by), reason: CAUSES[cause] ?? '' };
}

export const diversionOf = (request: { get(name: string): string | undefined }): Diversion | undefined =>
  fromDiversion(request.get('diversion')) ?? fromHistory(request.get('history-info'));
