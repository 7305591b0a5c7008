import { Button, Code, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useForm } from '../../lib/use-form.js';
import { CodeField } from '../../parts/fields.js';
import { Problem } from '../../parts/problem.js';
import { QrCode } from '../../parts/qr-code.js';
import { confirmTotp } from './queries.js';
import type { NewTotp } from './queries.js';

interface TotpFormProps {
  readonly fresh: NewTotp;
  readonly show: (recoveryCodes: readonly string[]) => Promise<void>;
  readonly cancel: () => void;
}

/** The app learns the secret, and a first code proves it. */
export function TotpForm({ fresh, show, cancel }: TotpFormProps): ReactNode {
  const form = useForm({
    fields: ['code'],
    check: ({ code }) => (/^[\d\s]{6,}$/.test(code) ? {} : { code: 'The code has six digits.' }),
    send: async ({ code }) => show(await confirmTotp(code.replaceAll(/\s/g, ''))),
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <Text>Scan this with an authenticator app, then type the code it shows.</Text>
        <QrCode text={fresh.uri} label="QR code for an authenticator app" />
        <Text c="dimmed">
          Or type the secret into the app: <Code>{inGroups(fresh.secret)}</Code>
        </Text>
        <CodeField
          form={form}
          name="code"
          label="Code"
          hint="Six digits."
          autoComplete="one-time-code"
          autoFocus
        />
        <Problem text={form.problem} />
        <Group>
          <Button type="submit" loading={form.sending}>
            Turn on
          </Button>
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Easier to type. */
function inGroups(secret: string): string {
  return secret.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
