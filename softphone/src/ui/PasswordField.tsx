import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** The library marks the frame of a refused password only; screen readers and useFirstFault look at the input. */
export function PasswordField(props: PasswordInputProps) {
  return <PasswordInput aria-invalid={hasFault(props.error)} {...props} />;
}

const hasFault = (error: PasswordInputProps['error']): true | undefined =>
  error === undefined || error === null || error === false || error === '' ? undefined : true;
