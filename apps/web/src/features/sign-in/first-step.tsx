import { Button, Divider, Stack } from '@mantine/core';
import { useEffect, useEffectEvent } from 'react';
import type { ReactNode } from 'react';
import type { SecondFactorAsked, SignInMethods } from '../../lib/contract.js';
import { useForm } from '../../lib/use-form.js';
import { EmailField, PasswordField } from '../../parts/fields.js';
import { Problem } from '../../parts/problem.js';
import { ProviderLink } from '../../parts/provider-link.js';
import { PasskeyButton } from './passkey-button.js';
import { offerPasskeys, passkeysWorkHere } from './passkeys.js';
import { signIn } from './queries.js';

interface FirstStepProps {
  readonly methods: SignInMethods;
  readonly returnTo: string;
  readonly ask: (asked: SecondFactorAsked) => void;
  readonly done: () => Promise<void>;
}

export function FirstStep({ methods, returnTo, ask, done }: FirstStepProps): ReactNode {
  const withPasskeys = methods.passkeys && passkeysWorkHere();
  return (
    <Stack>
      <PasswordForm withPasskeys={withPasskeys} ask={ask} done={done} />
      {(withPasskeys || methods.providers.length > 0) && <Divider label="or" />}
      {withPasskeys && <PasskeyButton done={done} />}
      {methods.providers.map(({ id, name }) => (
        <ProviderLink key={id} id={id} words={`Sign in with ${name}`} returnTo={returnTo} />
      ))}
    </Stack>
  );
}

interface PasswordFormProps extends Pick<FirstStepProps, 'ask' | 'done'> {
  readonly withPasskeys: boolean;
}

function PasswordForm({ withPasskeys, ask, done }: PasswordFormProps): ReactNode {
  usePasskeyOffer(withPasskeys, done);
  const form = useForm({
    fields: ['email', 'password'],
    check: ({ email, password }) => ({
      ...(email.trim() === '' ? { email: 'Your e-mail address is missing.' } : {}),
      ...(password === '' ? { password: 'Your password is missing.' } : {}),
    }),
    send: async ({ email, password }) => {
      const asked = await signIn({ email: email.trim(), password });
      if (asked === undefined) await done();
      else ask(asked);
    },
  });
  return (
    <form {...form.handlers}>
      <Stack>
        <EmailField
          form={form}
          autoComplete={withPasskeys ? 'username webauthn' : 'username'}
          autoFocus
        />
        <PasswordField
          form={form}
          name="password"
          label="Password"
          autoComplete="current-password"
        />
        <Problem text={form.problem} />
        <Button type="submit" fullWidth loading={form.sending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

/** The browser may offer passkeys in the address field. Where it cannot, or is refused, the rest of the page is there. */
function usePasskeyOffer(wanted: boolean, done: () => Promise<void>): void {
  const arrived = useEffectEvent(done);
  useEffect(() => {
    if (!wanted) return;
    let left = false;
    void offerPasskeys()
      .then(async (chosen) => {
        if (chosen && !left) await arrived();
      })
      .catch(() => undefined);
    return () => {
      left = true;
    };
  }, [wanted]);
}
