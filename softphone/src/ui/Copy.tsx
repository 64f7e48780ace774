import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../app/context.tsx';

export function Copy({
  value,
  label,
  color,
  icon,
}: {
  value: string;
  label: string;
  color?: string;
  icon?: ReactNode;
}) {
  const t = useText();
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t.common.copied : label}>
          <ActionIcon
            size="sm"
            color={color ?? 'slate'}
            onClick={copy}
            aria-label={copied ? t.common.copied : label}
          >
            {copied ? <IconCheck size={14} /> : (icon ?? <IconCopy size={14} />)}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
