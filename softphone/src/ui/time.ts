import { useEffect, useRef, useState } from 'react';

/** 221 s → "03:41"; from an hour on "1:03:41". Negative spans count as zero. */
export function clockSpan(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const tail = `${String(minutes).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** Short age for cards: "45 s", "12 min", "2 h", "3 d". */
export function shortSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The wall clock, told anew every `everyMs`; the interval ends with the component. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Does something every `everyMs` while the window is in sight; ends with the component. */
export function useEvery(everyMs: number, doing: () => void): void {
  const last = useRef(doing);
  last.current = doing;
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) last.current();
    }, everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
}
