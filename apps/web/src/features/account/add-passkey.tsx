import { Button, Group, Stack } from '@mantine/core';
import { WebAuthnError, startRegistration } from '@simplewebauthn/browser';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Refusal } from '../../lib/refusal.js';
import { useForm } from '../../lib/use-form.js';
import { TextField } from '../../parts/fields.js';
import { Problem } from '../../parts/problem.js';
import { addPasskey, beginPasskey, secondFactorsQuery, signInsQuery } from './queries.js';

export function AddPasskey(): ReactNode {
  const [open, setOpen] = useState(false);
  if (open) return <PasskeyForm close={() => setOpen(false)} />;
  return (
    <Group>
      <Button variant="default" onClick={() => setOpen(true)}>
        Add a passkey
      </Button>
    </Group>
  );
}

function PasskeyForm({ close }: { readonly close: () => void }): ReactNode {
  const queryClient = useQueryClient();
  const [declined, setDeclined] = useState<string>();
  const form = useForm({
    fields: ['name'],
    check: ({ name }) => (name.trim() === '' ? { name: 'Give the passkey a name.' } : {}),
    send: async ({ name }) => {
      setDeclined(undefined);
      const { passkeyChallenge, optionsJSON } = await beginPasskey();
      let response;
      try {
        response = await startRegistration({ optionsJSON });
      } catch (error) {
        setDeclined(whyNot(error));
        return;
      }
      await addPasskey({ passkeyChallenge, name: name.trim(), response });
      await Promise.all([
        queryClient.invalidateQueries(secondFactorsQuery),
        queryClient.invalidateQueries(signInsQuery),
      ]);
      close();
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <TextField
          form={form}
          name="name"
          label="Name of the passkey"
          hint="So that you know it again: the device or password manager that keeps it."
          autoComplete="off"
          autoFocus
        />
        <Problem text={form.problem ?? declined} />
        <Group>
          <Button type="submit" loading={form.sending}>
            Continue
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function whyNot(error: unknown): NonNullable<Refusal['problem']> {
  const known = error instanceof WebAuthnError;
  return known && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED'
    ? 'This device has a passkey of your account already.'
    : 'No passkey was made: the browser was told not to, or waited too long.';
}
