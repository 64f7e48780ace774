import {
  MultiSelect,
  type MultiSelectProps,
  NumberInput,
  type NumberInputProps,
  PasswordInput,
  type PasswordInputProps,
  Select,
  type SelectProps,
  TagsInput,
  type TagsInputProps,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useText } from '../app/context.tsx';
import { useFault } from './Form.tsx';
import { choiceRefusalOf, numberRefusalOf, refusalOf, type NumberRules, type Rules } from './refusal.ts';

/** The inputs of a Form: those of the library, which say themselves what they do not take. */
type Ruled<Input> = Omit<Input, keyof Rules | 'id' | 'value' | 'pattern'> & Rules;

/** Rules are no attributes of the input: the browser would cut off without a word what is pasted. */
function useRuled<All extends Rules & { error?: ReactNode }>(all: All, value: string) {
  const t = useText();
  const id = useId();
  const { required, minLength, maxLength, shape, wrong, error, ...input } = all;
  const own = refusalOf(t, value, { required, minLength, maxLength, shape, wrong });
  return { ...input, id, required: required === true, error: useFault(id, own, error) };
}

export function TextField(props: Ruled<TextInputProps> & { value: string }) {
  return <TextInput {...useRuled(props, props.value.trim())} />;
}

export function AreaField(props: Ruled<TextareaProps> & { value: string }) {
  return <Textarea {...useRuled(props, props.value.trim())} />;
}

interface NumberFieldProps
  extends Omit<Ruled<NumberInputProps>, keyof NumberRules | 'onChange' | 'allowDecimal'>,
    NumberRules {
  /** As it is typed, which may be no number yet. */
  value: string;
  onChange: (value: string) => void;
}

/** The library would put what is out of range back into it without a word. */
export function NumberField({ min, max, parts, onChange, ...props }: NumberFieldProps) {
  const t = useText();
  const wrong = numberRefusalOf(t, props.value, { min, max, parts });
  const input = useRuled({ ...props, wrong }, props.value);
  return (
    <NumberInput
      {...input}
      {...{ min, max }}
      clampBehavior="none"
      onChange={(next) => onChange(String(next))}
    />
  );
}

/** Texts that are typed one by one. `wrong` stands at the field as soon as there is one. */
export function TagsField({ wrong, ...props }: Omit<TagsInputProps, 'id'> & { wrong: string | null }) {
  const id = useId();
  const fault = useFault(id, wrong, wrong ?? props.error);
  return <TagsInput {...props} id={id} error={fault} />;
}

/** The library marks the frame of a refused password only; screen readers and the form look at the input. */
export function PasswordField(props: Ruled<PasswordInputProps> & { value: string }) {
  const input = useRuled(props, props.value);
  return <PasswordInput {...input} {...(input.error ? { 'aria-invalid': true } : {})} />;
}

/** Browsers ask nothing of an input that is only chosen from, so that nobody but us says that the choice is missing. */
export function ChoiceField(props: Omit<SelectProps, 'id'> & { value: string | null }) {
  const t = useText();
  const id = useId();
  const fault = useFault(id, choiceRefusalOf(t, props.value !== null, props.required), props.error);
  return <Select {...props} id={id} error={fault} />;
}

export function ChoicesField(props: Omit<MultiSelectProps, 'id'> & { value: string[] }) {
  const t = useText();
  const id = useId();
  const fault = useFault(id, choiceRefusalOf(t, props.value.length > 0, props.required), props.error);
  return <MultiSelect {...props} id={id} error={fault} />;
}
