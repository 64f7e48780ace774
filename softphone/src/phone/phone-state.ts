/**
 * The line of the softphone.
 *   off ──start──► connecting ──registered──► ready
 *                     ▲  │ failed, dropped        │ dropped
 *                     │  ▼                        ▼
 *                     └─ lost(attempt, retryAt) ◄─┘      any ──stop──► off
 */
export type Line =
  | { kind: 'off' }
  | { kind: 'connecting'; attempt: number }
  | { kind: 'ready' }
  | { kind: 'lost'; attempt: number; retryAt: number; cause: string };

/** The leg of the call that runs through this browser. */
export type Leg =
  | { kind: 'none' }
  | { kind: 'connecting' }
  /** `asBefore`: it came back muted after F5 or a lost line. */
  | { kind: 'live'; since: number; muted: boolean; asBefore?: boolean };

export type LineEvent =
  | { type: 'start' }
  | { type: 'registered' }
  | { type: 'dropped'; cause: string; now: number; random: number }
  | { type: 'retry' }
  | { type: 'stop' };

/** Doubles from 0.5 s to 15 s, ±25 % so that a whole floor does not come back in the same moment. */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(15_000, 500 * 2 ** Math.max(0, attempt - 1));
  return Math.round(base * (0.75 + random * 0.5));
}

export function nextLine(line: Line, event: LineEvent): Line {
  switch (event.type) {
    case 'start':
      return line.kind === 'off' ? { kind: 'connecting', attempt: 0 } : line;
    case 'registered':
      return line.kind === 'connecting' ? { kind: 'ready' } : line;
    case 'dropped': {
      if (line.kind === 'off' || line.kind === 'lost') return line;
      const attempt = line.kind === 'connecting' ? line.attempt + 1 : 1;
      return {
        kind: 'lost',
        attempt,
        cause: event.cause,
        retryAt: event.now + backoffMs(attempt, event.random),
      };
    }
    case 'retry':
      return line.kind === 'lost' ? { kind: 'connecting', attempt: line.attempt } : line;
    case 'stop':
      return { kind: 'off' };
  }
}

/** Why a browser gave no microphone, by the DOMException's name. */
export type MicrophoneProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'unknown';

export function microphoneProblem(error: unknown): MicrophoneProblem {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    case 'InsecureContext':
      return 'insecure';
    default:
      return 'unknown';
  }
}

/** Below −60 dBFS for 6 s while on a call is not a pause for breath: the switch on the cable is off, or it is the wrong device. */
export const silence = { level: 0.001, afterMs: 6000 } as const;

export interface Silence {
  since: number | null;
  warned: boolean;
}

export function watchSilence(state: Silence, level: number, listening: boolean, now: number): Silence {
  if (!listening || level >= silence.level) {
    return state.since === null && !state.warned ? state : { since: null, warned: false };
  }
  const since = state.since ?? now;
  const warned = now - since >= silence.afterMs;
  return since === state.since && warned === state.warned ? state : { since, warned };
}
