import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { SecondFactor, SecondFactorAsked } from '../../lib/contract.js';
import { useForm } from '../../lib/use-form.js';
import { CodeField, TextField } from '../../parts/fields.js';
import { Problem } from '../../parts/problem.js';
import { PasskeyButton } from './passkey-button.js';
import { passkeysWorkHere } from './passkeys.js';
import { answerSecondFactor } from './queries.js';

interface SecondStepProps {
  readonly asked: SecondFactorAsked;
  readonly done: () => Promise<void>;
  /** Back to the password. */
  readonly again: () => void;
}

const ORDER: readonly SecondFactor[] = ['totp', 'passkey', 'recovery-code'];
const OTHER_WAY: Readonly<Record<SecondFactor, string>> = {
  totp: 'Use a code from your authenticator app',
  passkey: 'Use a passkey',
  'recovery-code': 'Use a recovery code',
};

export function SecondStep({ asked, done, again }: SecondStepProps): ReactNode {
  const ways = ORDER.filter(
    (way) => asked.factors.includes(way) && (way !== 'passkey' || passkeysWorkHere()),
  );
  const [way, setWay] = useState<SecondFactor>(ways[0] ?? 'recovery-code');
  return (
    <Stack>
      {way === 'totp' && <TotpForm challenge={asked.challenge} done={done} />}
      {way === 'recovery-code' && <RecoveryCodeForm challenge={asked.challenge} done={done} />}
      {way === 'passkey' && (
        <>
          <Text>Your account asks for a passkey as well as the password.</Text>
          <PasskeyButton challenge={asked.challenge} done={done} />
        </>
      )}
      {ways
        .filter((other) => other !== way)
        .map((other) => (
          <Button key={other} variant="subtle" onClick={() => setWay(other)}>
            {OTHER_WAY[other]}
          </Button>
        ))}
      <Button variant="subtle" color="gray" onClick={again}>
        Start again
      </Button>
    </Stack>
  );
}

interface CodeFormProps {
  readonly challenge: string;
  readonly done: () => Promise<void>;
}

function TotpForm({ challenge, done }: CodeFormProps): ReactNode {
  const form = useForm({
    fields: ['totp'],
    check: ({ totp }) => (/^[\d\s]{6,}$/.test(totp) ? {} : { totp: 'The code has six digits.' }),
    send: async ({ totp }) => {
      await answerSecondFactor({ challenge, totp: totp.replaceAll(/\s/g, '') });
      await done();
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <CodeField
          form={form}
          name="totp"
          label="Code"
          hint="The six digits that your authenticator app shows for Rootcellar."
          autoComplete="one-time-code"
          autoFocus
        />
        <Problem text={form.problem} />
        <Button type="submit" fullWidth loading={form.sending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

function RecoveryCodeForm({ challenge, done }: CodeFormProps): ReactNode {
  const form = useForm({
    fields: ['recoveryCode'],
    check: ({ recoveryCode }) =>
      recoveryCode.trim() === '' ? { recoveryCode: 'The recovery code is missing.' } : {},
    send: async ({ recoveryCode }) => {
      await answerSecondFactor({ challenge, recoveryCode: recoveryCode.trim() });
      await done();
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <TextField
          form={form}
          name="recoveryCode"
          label="Recovery code"
          hint="One of those you saved when you set up the second step. Each works once."
          autoComplete="off"
          autoFocus
        />
        <Problem text={form.problem} />
        <Button type="submit" fullWidth loading={form.sending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
