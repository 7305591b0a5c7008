import { Button, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useForm } from '../../lib/use-form.js';
import { TextField } from '../../parts/fields.js';
import { Problem } from '../../parts/problem.js';

interface CodeFormProps {
  /** Why the code before was no good. */
  readonly refused: string | undefined;
  readonly look: (code: string) => void;
}

export function CodeForm({ refused, look }: CodeFormProps): ReactNode {
  const form = useForm({
    fields: ['userCode'],
    check: ({ userCode }) => (userCode.trim() === '' ? { userCode: 'The code is missing.' } : {}),
    send: async ({ userCode }) => {
      look(userCode.trim().toUpperCase());
      return Promise.resolve();
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <Problem text={refused} />
        <TextField
          form={form}
          name="userCode"
          label="Code"
          hint="The terminal that runs rootcellar login shows it."
          autoComplete="off"
          autoFocus
        />
        <Button type="submit" fullWidth>
          Continue
        </Button>
      </Stack>
    </form>
  );
}
