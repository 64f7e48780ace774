import { useRef } from 'react';

/** Rows keep their places: what left is gone, what is new comes last. */
export function settleOrder(before: readonly string[], now: readonly string[]): string[] {
  const there = new Set(now);
  const known = new Set(before);
  return [...before.filter((id) => there.has(id)), ...now.filter((id) => !known.has(id))];
}

/** While the pointer is over the list nothing moves under it; the true order comes when it has left. */
export function useSettled<T extends { id: string }>(
  items: readonly T[],
): { shown: readonly T[]; onPointerEnter: () => void; onPointerLeave: () => void } {
  const over = useRef(false);
  const order = useRef<readonly string[]>([]);
  const ids = items.map((one) => one.id);
  order.current = over.current ? settleOrder(order.current, ids) : ids;
  const byId = new Map(items.map((one) => [one.id, one]));
  return {
    shown: order.current.flatMap((id) => byId.get(id) ?? []),
    onPointerEnter: () => {
      over.current = true;
    },
    onPointerLeave: () => {
      over.current = false;
    },
  };
}
