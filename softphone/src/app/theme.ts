import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Petrol: calm beside the red, amber and green that mean something. Shade 7 on white is 5.9:1, shade 3 on dark 8:1. */
const petrol: MantineColorsTuple = [
  '#e8f5f6',
  '#d3e8ea',
  '#a8d2d6',
  '#7bbac0',
  '#54a4ac',
  '#37929b',
  '#1f7f89',
  '#0f6b73',
  '#09565d',
  '#034046',
];
const slate: MantineColorsTuple = [
  '#f4f6f8',
  '#e6eaee',
  '#d1d8de',
  '#b3bec8',
  '#8b99a6',
  '#6a7986',
  '#52606d',
  '#3f4b56',
  '#2b343d',
  '#1a2128',
];
/** Dark surfaces with a little blue; 0 is text, 7 the page, 6 a card, 4 a line. */
const dark: MantineColorsTuple = [
  '#dbe1e6',
  '#b4bec7',
  '#93a0ab',
  '#6c7985',
  '#36414b',
  '#2a343d',
  '#1d252c',
  '#151b21',
  '#10151a',
  '#0b0f13',
];

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, slate, dark },
  fontFamily:
    'Inter, "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.45', xl: '1.4' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '22px' }, h2: { fontSize: '17px' }, h3: { fontSize: '14px' } },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 'md' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { shadow: 'md' } } },
    Tooltip: {
      defaultProps: { openDelay: 350, withArrow: true, events: { hover: true, focus: true, touch: false } },
    },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-start' } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.35 },
        // Its <header> would be told as a second banner of the page.
        attributes: { header: { role: 'none' } },
      },
    },
  },
});
