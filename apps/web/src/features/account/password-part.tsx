import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { passwordFaults } from '../../lib/password-rules.js';
import { useForm } from '../../lib/use-form.js';
import { PasswordField } from '../../parts/fields.js';
import { NewPassword } from '../../parts/new-password.js';
import { Part } from '../../parts/part.js';
import { Problem } from '../../parts/problem.js';
import { changePassword, secondFactorsQuery, signInsQuery } from './queries.js';

/** @param props.exists false for who signs in by other means alone */
export function PasswordPart({ exists }: { readonly exists: boolean }): ReactNode {
  const [state, setState] = useState<'closed' | 'open' | 'changed'>('closed');
  return (
    <Part title="Password">
      <div role="status">
        {state === 'changed' && <Text mb="sm">Your password is changed.</Text>}
      </div>
      {state === 'open' ? (
        <PasswordForm exists={exists} changed={() => setState('changed')} />
      ) : (
        <Button variant="default" onClick={() => setState('open')}>
          {exists ? 'Change the password' : 'Choose a password'}
        </Button>
      )}
    </Part>
  );
}

interface PasswordFormProps {
  readonly exists: boolean;
  readonly changed: () => void;
}

function PasswordForm({ exists, changed }: PasswordFormProps): ReactNode {
  const queryClient = useQueryClient();
  const form = useForm({
    fields: ['current', 'password', 'passwordAgain'],
    check: ({ password, passwordAgain }) => passwordFaults(password, passwordAgain),
    send: async ({ current, password }) => {
      await changePassword(current === '' ? { password } : { current, password });
      changed();
      await Promise.all([
        queryClient.invalidateQueries(secondFactorsQuery),
        queryClient.invalidateQueries(signInsQuery),
      ]);
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <Text c="dimmed">
          Other browsers and computers are signed out by it, except those that may only send.
        </Text>
        {exists && (
          <PasswordField
            form={form}
            name="current"
            label="Current password"
            autoComplete="current-password"
            autoFocus
          />
        )}
        <NewPassword form={form} label="New password" />
        <Problem text={form.problem} />
        <Button type="submit" loading={form.sending}>
          Change the password
        </Button>
      </Stack>
    </form>
  );
}
