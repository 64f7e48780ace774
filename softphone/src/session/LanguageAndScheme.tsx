import { SegmentedControl } from '@mantine/core';
import { useServices, useText } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';

/** The two choices that somebody may need before signing in. */
export function LanguageAndScheme() {
  const t = useText();
  const { settings } = useServices();
  const { language, scheme } = useStore(settings.store);
  return (
    <div className="row between" style={{ marginTop: 22 }}>
      <SegmentedControl
        size="xs"
        aria-label={t.menu.language}
        value={language}
        onChange={(value) => settings.change({ language: value === 'en' ? 'en' : 'pt-BR' })}
        data={[
          { value: 'pt-BR', label: 'Português' },
          { value: 'en', label: 'English' },
        ]}
      />
      <SegmentedControl
        size="xs"
        aria-label={t.menu.scheme}
        value={scheme}
        onChange={(value) =>
          settings.change({ scheme: value === 'light' || value === 'dark' ? value : 'auto' })
        }
        data={[
          { value: 'auto', label: t.menu.schemeAuto },
          { value: 'light', label: t.menu.schemeLight },
          { value: 'dark', label: t.menu.schemeDark },
        ]}
      />
    </div>
  );
}
