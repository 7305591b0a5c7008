import { PasswordInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { FormState } from '../lib/use-form.js';

interface FieldProps {
  readonly form: FormState;
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly autoComplete: string;
  readonly autoFocus?: boolean;
  readonly defaultValue?: string;
}

/** A line of text. */
export function TextField({ form, hint, ...field }: FieldProps): ReactNode {
  return <TextInput {...field} {...aboutField(form, field.name, hint)} maxLength={100} />;
}

/** An address to sign in with. */
export function EmailField(props: Omit<FieldProps, 'name' | 'label'>): ReactNode {
  const { form, hint, ...field } = props;
  return (
    <TextInput
      {...field}
      {...aboutField(form, 'email', hint)}
      name="email"
      label="E-mail address"
      type="email"
      inputMode="email"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={254}
    />
  );
}

/** A password, which can be shown to who types it. */
export function PasswordField({ form, hint, ...field }: FieldProps): ReactNode {
  return (
    <PasswordInput
      {...field}
      {...aboutField(form, field.name, hint)}
      // Mantine says it of other fields by itself.
      aria-invalid={(form.faultOf(field.name) ?? '') !== ''}
      maxLength={1024}
      visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
    />
  );
}

/** A code of six digits from an authenticator app. */
export function CodeField({ form, hint, ...field }: FieldProps): ReactNode {
  return (
    <TextInput
      {...field}
      {...aboutField(form, field.name, hint)}
      inputMode="numeric"
      spellCheck={false}
      maxLength={12}
    />
  );
}

function aboutField(
  form: FormState,
  name: string,
  hint: ReactNode,
): { error?: string; description?: ReactNode } {
  const fault = form.faultOf(name) ?? '';
  return {
    ...(fault === '' ? {} : { error: fault }),
    ...(hint === undefined ? {} : { description: hint }),
  };
}
