/** Whether the microphone was closed in the call that runs now: F5 and a lost line must not open it. */
export interface MuteMemory {
  isMuted: () => boolean;
  set: (muted: boolean) => void;
}

const KEY = 'ramal.muted';
/** Stored where the call is not known yet, right after F5. */
const UNKNOWN = '?';

/** `call`: the id of the call in hand; undefined while the desk does not know its work yet, null when there is none. */
export function createMuteMemory(storage: Storage, call: () => string | null | undefined): MuteMemory {
  return {
    isMuted: () => {
      const muted = storage.getItem(KEY);
      if (muted === null) return false;
      const now = call();
      // Not known yet: a microphone that opens by mistake is worse than one that has to be opened by hand.
      return now === undefined || muted === UNKNOWN || muted === now;
    },
    set: (muted) => {
      if (muted) storage.setItem(KEY, call() ?? UNKNOWN);
      else storage.removeItem(KEY);
    },
  };
}
