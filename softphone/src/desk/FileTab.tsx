import { IconUserCircle } from '@tabler/icons-react';
import { useText } from '../app/context.tsx';

/** Below 1,200 px the customer's file is a drawer: this opens it. */
export function FileTab({ opened, onToggle }: { opened: boolean; onToggle: () => void }) {
  const t = useText();
  return (
    <button
      type="button"
      className="file-tab"
      aria-expanded={opened}
      aria-controls="customer-file"
      aria-label={opened ? t.file.closeFile : t.file.openFile}
      onClick={onToggle}
    >
      <IconUserCircle size={18} aria-hidden />
      <span aria-hidden>{t.file.title}</span>
    </button>
  );
}
