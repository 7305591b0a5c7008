import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useForm } from '../../lib/use-form.js';
import { PasswordField } from '../../parts/fields.js';
import { Problem } from '../../parts/problem.js';
import { removeTotp } from './queries.js';

interface RemoveTotpProps {
  /** Whether the account has one, which is asked for then. */
  readonly password: boolean;
  readonly removed: () => Promise<void>;
  readonly cancel: () => void;
}

export function RemoveTotp({ password: asked, removed, cancel }: RemoveTotpProps): ReactNode {
  const form = useForm({
    fields: ['password'],
    send: async ({ password }) => {
      await removeTotp(password);
      await removed();
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <Text>Then the password alone signs in, and the recovery codes are void.</Text>
        {asked && (
          <PasswordField
            form={form}
            name="password"
            label="Your password"
            autoComplete="current-password"
            autoFocus
          />
        )}
        <Problem text={form.problem} />
        <Group>
          <Button type="submit" loading={form.sending}>
            Turn off the second step
          </Button>
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
