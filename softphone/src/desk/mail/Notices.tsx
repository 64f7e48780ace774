import { IconAlertTriangle } from '@tabler/icons-react';
import { useText } from '../../app/context.tsx';

/** What the reader of a mail should know of how it came. */
export function Notices({ codes }: { readonly codes: readonly string[] }) {
  const { notices } = useText().mail;
  const words = [...new Set(codes.map((code) => notices[code] ?? notices['other'] ?? ''))];
  if (words.length === 0) return null;
  return (
    <ul className="mail-notices" data-testid="mail-notices">
      {words.map((line) => (
        <li key={line}>
          <IconAlertTriangle size={14} aria-hidden="true" /> {line}
        </li>
      ))}
    </ul>
  );
}
