import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const sheet = readFileSync(join(import.meta.dirname, 'css/base.css'), 'utf8');
const schemes = ['light', 'dark'] as const;
type Scheme = (typeof schemes)[number];

function colorOf(name: string, scheme: Scheme): string {
  const found = new RegExp(`--${name}: (?:light-dark\\((#\\w{6}), (#\\w{6})\\)|var\\(--([\\w-]+)\\))`).exec(
    sheet,
  );
  const [, light, dark, other] = found ?? [];
  if (other !== undefined) return colorOf(other, scheme);
  return (scheme === 'light' ? light : dark) ?? '';
}

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The body of a dialog is the library's own: white, and shade 7 of the theme's dark. */
const DIALOG = { light: '#ffffff', dark: '#151b21' } as const;

describe('text of a form is read on what lies behind it (WCAG 1.4.3)', () => {
  it.each(
    schemes.flatMap((scheme) =>
      ['mantine-color-error', 'mantine-color-dimmed', 'bad'].map((name) => ({ scheme, name })),
    ),
  )('$name, $scheme', ({ scheme, name }) => {
    const grounds = [DIALOG[scheme], ...['page', 'surface', 'surface-2'].map((one) => colorOf(one, scheme))];
    for (const ground of grounds)
      expect(contrast(colorOf(name, scheme), ground), ground).toBeGreaterThan(4.5);
  });
});
