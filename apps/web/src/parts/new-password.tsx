import type { ReactNode } from 'react';
import type { FormState } from '../lib/use-form.js';
import { PasswordField } from './fields.js';

interface NewPasswordProps {
  readonly form: FormState;
  readonly label?: string;
}

/** A new password, twice. Fields `password` and `passwordAgain`, see `passwordFaults`. */
export function NewPassword({ form, label = 'Password' }: NewPasswordProps): ReactNode {
  return (
    <>
      <PasswordField
        form={form}
        name="password"
        label={label}
        hint="At least 8 characters, and not easy to guess: several words are good."
        autoComplete="new-password"
      />
      <PasswordField
        form={form}
        name="passwordAgain"
        label={`${label} again`}
        autoComplete="new-password"
      />
    </>
  );
}
