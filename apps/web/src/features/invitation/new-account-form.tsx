import { Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageLink } from '../../frame/page-link.js';
import { forgetLinkSecret } from '../../lib/link-secret.js';
import { passwordFaults } from '../../lib/password-rules.js';
import { NO_ADDRESS } from '../../lib/refusal.js';
import { useForm } from '../../lib/use-form.js';
import { EmailField, TextField } from '../../parts/fields.js';
import { NewPassword } from '../../parts/new-password.js';
import { Problem } from '../../parts/problem.js';
import { useArrival } from '../sign-in/use-arrival.js';
import { acceptInvitation } from './queries.js';

interface NewAccountFormProps {
  readonly token: string;
  /** What who invites calls the one who is invited. */
  readonly name: string | null;
}

export function NewAccountForm({ token, name }: NewAccountFormProps): ReactNode {
  const arrive = useArrival();
  const form = useForm({
    fields: ['name', 'email', 'password', 'passwordAgain'],
    check: (values) => ({
      ...(values.name.trim() === '' ? { name: 'Say what you are called.' } : {}),
      ...(/^\S+@\S+$/.test(values.email.trim()) ? {} : { email: NO_ADDRESS }),
      ...passwordFaults(values.password, values.passwordAgain),
    }),
    send: async ({ name: called, email, password }) => {
      await acceptInvitation({ name: called.trim(), email: email.trim(), password, token });
      forgetLinkSecret();
      await arrive('/');
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <Text>
          Make an account.{' '}
          <PageLink to="/sign-in" search={{ returnTo: '/invitation' }}>
            I have one on this server
          </PageLink>
        </Text>
        <TextField
          form={form}
          name="name"
          label="Your name"
          autoComplete="name"
          {...(name === null ? {} : { defaultValue: name })}
        />
        <EmailField form={form} hint="You sign in with it." autoComplete="username" />
        <NewPassword form={form} />
        <Problem text={form.problem} />
        <Button type="submit" fullWidth loading={form.sending}>
          Join
        </Button>
      </Stack>
    </form>
  );
}
