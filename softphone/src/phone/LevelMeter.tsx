import { useText } from '../app/context.tsx';
import { useStore, type ReadStore } from '../ui/store.ts';

/** −60…0 dBFS as a bar: speech sits in its middle. */
export function LevelMeter({ level, wide }: { level: ReadStore<number>; wide?: boolean }) {
  const t = useText();
  const value = useStore(level);
  const share = value <= 0 ? 0 : Math.max(0, Math.min(1, 1 + Math.log10(value) / 3));
  return (
    <span
      className="meter"
      style={wide === true ? { width: 120 } : {}}
      role="meter"
      aria-label={t.device.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 10) * 10}
    >
      <div style={{ width: `${share * 100}%` }} />
    </span>
  );
}
