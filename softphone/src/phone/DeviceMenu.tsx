import { ActionIcon, Popover, Select, Slider, Tooltip, UnstyledButton } from '@mantine/core';
import { IconHeadset, IconHeadsetOff, IconPlayerPlay } from '@tabler/icons-react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';
import type { AudioDevice } from './audio.ts';
import { LevelMeter } from './LevelMeter.tsx';

export function DeviceMenu() {
  const t = useText();
  const { phone, audio, phoneTab } = useSignedIn();
  const line = useStore(phone.line);
  const tab = useStore(phoneTab.state);
  const { microphone, unplugged } = useStore(audio.state);
  const ready = line.kind === 'ready' && microphone.kind === 'open' && unplugged === null;
  const text = tab === 'waiting' ? t.device.otherTab : ready ? t.device.ready : t.device.line[line.kind];
  return (
    <Popover position="bottom-start" shadow="md" width={320} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className="pill ring" data-testid="device" data-line={line.kind}>
          {ready ? <IconHeadset size={17} className="good" /> : <IconHeadsetOff size={17} className="warn" />}
          <span style={{ fontWeight: 500 }}>{text}</span>
          {microphone.kind === 'open' ? <LevelMeter level={audio.level} /> : null}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <DeviceForm />
      </Popover.Dropdown>
    </Popover>
  );
}

export function DeviceForm() {
  const t = useText();
  const { settings } = useServices();
  const { audio, ringer } = useSignedIn();
  const choices = useStore(settings.store);
  const { inputs, outputs } = useStore(audio.state);
  return (
    <div className="col" style={{ gap: 10 }}>
      <div className="row between">
        <h2 className="label">{t.device.title}</h2>
        <LevelMeter level={audio.level} wide />
      </div>
      <DeviceSelect
        label={t.device.speak}
        devices={inputs}
        value={choices.microphone}
        onChange={(microphone) => settings.change({ microphone })}
      />
      <DeviceSelect
        label={t.device.listen}
        devices={outputs}
        value={choices.speaker}
        onChange={(speaker) => settings.change({ speaker })}
      />
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <div className="grow">
          <DeviceSelect
            label={t.device.ring}
            devices={outputs}
            value={choices.ringer}
            onChange={(ring) => settings.change({ ringer: ring })}
          />
        </div>
        <Tooltip label={t.device.test}>
          <ActionIcon variant="default" size={30} onClick={ringer.test} aria-label={t.device.test}>
            <IconPlayerPlay size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div>
        <span className="dim" style={{ fontSize: 12 }}>
          {t.device.volume}
        </span>
        <Slider
          size="sm"
          min={0}
          max={1}
          step={0.05}
          label={null}
          value={choices.ringVolume}
          onChange={(ringVolume) => settings.change({ ringVolume })}
          thumbLabel={t.device.volume}
        />
      </div>
    </div>
  );
}

function DeviceSelect(props: {
  label: string;
  devices: readonly AudioDevice[];
  value: string | null;
  onChange: (id: string | null) => void;
}) {
  const t = useText();
  const known = props.devices.filter((one) => one.id !== 'default' && one.id !== 'communications');
  const data = [
    { value: '', label: t.device.system },
    ...known.map((one, index) => ({
      value: one.id,
      label: one.label === '' ? t.device.unnamed(index + 1) : one.label,
    })),
  ];
  if (props.value !== null && !known.some((one) => one.id === props.value))
    data.push({ value: props.value, label: t.device.gone });
  return (
    <Select
      label={props.label}
      data={data}
      value={props.value ?? ''}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      onChange={(id) => props.onChange(id === null || id === '' ? null : id)}
    />
  );
}
