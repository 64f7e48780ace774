import type { ReactNode } from 'react';

interface Props {
  label: string;
  hint?: string | undefined;
  error: string | null;
  children: ReactNode;
}

/** Several inputs that are one setting: a name, a hint and a fault for all of them. */
export function FieldGroup({ label, hint, error, children }: Props) {
  return (
    <fieldset className="fieldset">
      <legend>{label}</legend>
      {children}
      {hint === undefined ? null : (
        <span className="dim3" style={{ fontSize: 12 }}>
          {hint}
        </span>
      )}
      {error === null ? null : (
        <p className="bad" role="alert" style={{ margin: '4px 0 0', fontSize: 12 }}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
