import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { SecondFactors } from '../../lib/contract.js';
import { useAction } from '../../lib/use-action.js';
import { Part } from '../../parts/part.js';
import { Problem } from '../../parts/problem.js';
import { beginTotp, newRecoveryCodes, secondFactorsQuery, signInsQuery } from './queries.js';
import type { NewTotp } from './queries.js';
import { RecoveryCodes } from './recovery-codes.js';
import { RemoveTotp } from './remove-totp.js';
import { TotpForm } from './totp-form.js';

/** Codes of an authenticator app after the password, and what helps when the phone is lost. */
export function SecondStepPart({ factors }: { readonly factors: SecondFactors }): ReactNode {
  const queryClient = useQueryClient();
  const [codes, setCodes] = useState<readonly string[]>();
  const readAgain = async (): Promise<void> => {
    await Promise.all([
      queryClient.invalidateQueries(secondFactorsQuery),
      queryClient.invalidateQueries(signInsQuery),
    ]);
  };
  const show = async (fresh: readonly string[]): Promise<void> => {
    setCodes(fresh);
    await readAgain();
  };
  return (
    <Part title="Second step">
      {codes !== undefined && <RecoveryCodes codes={codes} saved={() => setCodes(undefined)} />}
      {codes === undefined && factors.totp && (
        <TotpIsOn factors={factors} show={show} readAgain={readAgain} />
      )}
      {codes === undefined && !factors.totp && <TotpIsOff show={show} />}
    </Part>
  );
}

interface TotpIsOnProps {
  readonly factors: SecondFactors;
  readonly show: (codes: readonly string[]) => Promise<void>;
  readonly readAgain: () => Promise<void>;
}

function TotpIsOn({ factors, show, readAgain }: TotpIsOnProps): ReactNode {
  const { recoveryCodesLeft: left, password } = factors;
  const [removing, setRemoving] = useState(false);
  const renew = useAction(async () => show(await newRecoveryCodes()));
  return (
    <Stack>
      <Text>
        On: signing in with the password also asks for a code of your authenticator app.{' '}
        {left === 1 ? 'One recovery code is' : `${left} recovery codes are`} left.
      </Text>
      <Problem text={renew.problem} />
      {removing ? (
        <RemoveTotp password={password} removed={readAgain} cancel={() => setRemoving(false)} />
      ) : (
        <Group>
          <Button variant="default" loading={renew.running} onClick={renew.run}>
            New recovery codes
          </Button>
          <Button variant="default" onClick={() => setRemoving(true)}>
            Turn off
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function TotpIsOff({ show }: Pick<TotpIsOnProps, 'show'>): ReactNode {
  const [fresh, setFresh] = useState<NewTotp>();
  const begin = useAction(async () => setFresh(await beginTotp()));
  if (fresh !== undefined)
    return <TotpForm fresh={fresh} show={show} cancel={() => setFresh(undefined)} />;
  return (
    <Stack align="flex-start">
      <Text>
        Off. With it, a password that somebody has learned is not enough: signing in also asks for a
        code that only your phone shows.
      </Text>
      <Problem text={begin.problem} />
      <Button variant="default" loading={begin.running} onClick={begin.run}>
        Set up an authenticator app
      </Button>
    </Stack>
  );
}
