import { useEffect, useState } from 'react';
import { useText } from '../app/context.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

/** Keys go out one by one, as pressed; the keyboard's digits work while the pad is open. */
export function Keypad({ onDigit, large }: { onDigit: (digit: string) => void; large?: boolean }) {
  const t = useText();
  const [sent, setSent] = useState('');
  const press = (digit: string): void => {
    setSent((before) => (before + digit).slice(-18));
    onDigit(digit);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (target || event.ctrlKey || event.altKey || !/^[0-9*#]$/.test(event.key)) return;
      event.preventDefault();
      press(event.key);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  return (
    <div style={{ width: large === true ? 228 : 186 }}>
      <output
        className="mono clip"
        aria-label={t.call.sentDigits}
        style={{ display: 'block', textAlign: 'center', height: 24, fontSize: 16, direction: 'rtl' }}
      >
        <bdi>{sent}</bdi>
      </output>
      <div className={`pad${large === true ? ' large' : ''}`}>
        {keys.map(([digit, letters]) => (
          <button
            key={digit}
            type="button"
            className="padkey"
            onClick={() => press(digit)}
            aria-label={t.call.digit(digit)}
          >
            <b>{digit}</b>
            <small aria-hidden="true">{letters}</small>
          </button>
        ))}
      </div>
    </div>
  );
}
