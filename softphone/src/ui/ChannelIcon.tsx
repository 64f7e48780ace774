import {
  IconBrandWhatsapp,
  IconDeviceMobileMessage,
  IconMail,
  IconMessageCircle,
  IconPhone,
} from '@tabler/icons-react';
import type { Channel } from '../../../src/contracts/common.ts';
import { useText } from '../app/context.tsx';

const icons = {
  voice: IconPhone,
  whatsapp: IconBrandWhatsapp,
  sms: IconDeviceMobileMessage,
  email: IconMail,
  webchat: IconMessageCircle,
} as const;

export function ChannelIcon({ channel, size = 16 }: { channel: Channel; size?: number }) {
  const t = useText();
  const Icon = icons[channel];
  return (
    <span
      role="img"
      aria-label={t.channels[channel]}
      title={t.channels[channel]}
      className="dim"
      style={{ display: 'inline-flex', flex: 'none' }}
    >
      <Icon size={size} stroke={1.7} />
    </span>
  );
}
