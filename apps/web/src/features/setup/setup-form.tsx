import { Button, Code, NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { forgetLinkSecret } from '../../lib/link-secret.js';
import { passwordFaults } from '../../lib/password-rules.js';
import { NO_ADDRESS } from '../../lib/refusal.js';
import type { Refusal } from '../../lib/refusal.js';
import { useForm } from '../../lib/use-form.js';
import type { FormState } from '../../lib/use-form.js';
import { useLinkSecret } from '../../lib/use-link-secret.js';
import { EmailField, TextField } from '../../parts/fields.js';
import { NewPassword } from '../../parts/new-password.js';
import { Problem } from '../../parts/problem.js';
import { useArrival } from '../sign-in/use-arrival.js';
import { setUp } from './queries.js';
import { ownTimeZone, timeZones } from './time-zones.js';

const FIELDS = [
  'setupToken',
  'household',
  'name',
  'email',
  'password',
  'passwordAgain',
  'timeZone',
] as const;
type Values = Readonly<Record<(typeof FIELDS)[number], string>>;

/** @param props.tooLate somebody else was first */
export function SetUpForm({ tooLate }: { readonly tooLate: () => void }): ReactNode {
  const linkToken = useLinkSecret('/setup');
  const [wrongToken, setWrongToken] = useState(false);
  const arrive = useArrival();
  const form = useForm({
    fields: FIELDS,
    check: (values) => faultsIn(values, linkToken),
    send: async ({ household, name, email, password, timeZone, setupToken }) => {
      await setUp({
        setupToken: linkToken === '' ? tokenIn(setupToken) : linkToken,
        household: household.trim(),
        name: name.trim(),
        email: email.trim(),
        password,
        timeZone,
      });
      forgetLinkSecret();
      await arrive('/');
    },
    explain: (refusal) => {
      if (refusal.code === 'SETUP_DONE') tooLate();
      if (refusal.code !== 'SETUP_TOKEN_WRONG') return undefined;
      forgetLinkSecret();
      setWrongToken(true);
      return aboutToken(refusal);
    },
  });
  return (
    <form {...form.handlers}>
      <Stack mt="lg">
        {linkToken === '' && <TokenField form={form} autoFocus={!wrongToken} />}
        <TextField
          form={form}
          name="household"
          label="Name of your household"
          autoComplete="off"
          autoFocus={linkToken !== ''}
        />
        <TextField form={form} name="name" label="Your name" autoComplete="name" />
        <EmailField form={form} hint="You sign in with it." autoComplete="username" />
        <NewPassword form={form} />
        <NativeSelect
          name="timeZone"
          label="Time zone"
          description="Your browser’s. The household’s days begin and end by it."
          autoComplete="off"
          defaultValue={ownTimeZone()}
          data={timeZones()}
          error={form.faultOf('timeZone')}
        />
        <Problem text={form.problem} />
        <Button type="submit" fullWidth loading={form.sending}>
          Set up
        </Button>
      </Stack>
    </form>
  );
}

function TokenField({
  form,
  autoFocus,
}: {
  readonly form: FormState;
  readonly autoFocus: boolean;
}): ReactNode {
  return (
    <TextField
      form={form}
      name="setupToken"
      label="Set-up token"
      hint={
        <>
          Open the link that Rootcellar printed when it started, or copy the token from the file{' '}
          <Code>setup-token</Code> in its data folder (<Code>data</Code> unless you chose another).
        </>
      }
      autoComplete="off"
      autoFocus={autoFocus}
    />
  );
}

function faultsIn(values: Values, linkToken: string): Record<string, string> {
  const faults: Record<string, string> = {};
  if (linkToken === '' && tokenIn(values.setupToken) === '')
    faults['setupToken'] = 'The token is missing.';
  if (values.household.trim() === '') faults['household'] = 'Give your household a name.';
  if (values.name.trim() === '') faults['name'] = 'Say what you are called.';
  if (!/^\S+@\S+$/.test(values.email.trim())) faults['email'] = NO_ADDRESS;
  return { ...faults, ...passwordFaults(values.password, values.passwordAgain) };
}

/** Somebody may paste the whole link. */
function tokenIn(text: string): string {
  return text.slice(text.indexOf('#') + 1).trim();
}

function aboutToken({ problem = '', code }: Refusal): Refusal {
  return { faults: { setupToken: problem }, problem: undefined, code };
}
