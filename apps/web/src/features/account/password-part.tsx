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
import { changePassword, signInsQuery } from './queries.js';

export function PasswordPart(): ReactNode {
  const [state, setState] = useState<'closed' | 'open' | 'changed'>('closed');
  return (
    <Part title="Password">
      <div role="status">
        {state === 'changed' && <Text mb="sm">Your password is changed.</Text>}
      </div>
      {state === 'open' ? (
        <PasswordForm changed={() => setState('changed')} />
      ) : (
        <Button variant="default" onClick={() => setState('open')}>
          Change the password
        </Button>
      )}
    </Part>
  );
}

function PasswordForm({ changed }: { readonly changed: () => void }): ReactNode {
  const queryClient = useQueryClient();
  const form = useForm({
    fields: ['current', 'password', 'passwordAgain'],
    check: ({ password, passwordAgain }) => passwordFaults(password, passwordAgain),
    send: async ({ current, password }) => {
      await changePassword(current === '' ? { password } : { current, password });
      await queryClient.invalidateQueries(signInsQuery);
      changed();
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <Text c="dimmed">
          Other browsers and computers are signed out by it, except those that may only send.
        </Text>
        <PasswordField
          form={form}
          name="current"
          label="Current password"
          hint="Leave it empty if you never had one."
          autoComplete="current-password"
          autoFocus
        />
        <NewPassword form={form} label="New password" />
        <Problem text={form.problem} />
        <Button type="submit" loading={form.sending}>
          Change the password
        </Button>
      </Stack>
    </form>
  );
}
