import { useSuspenseQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Text } from '@mantine/core';
import { PageLink } from '../../frame/page-link.js';
import { Sheet } from '../../frame/sheet.js';
import type { SecondFactorAsked } from '../../lib/contract.js';
import { Problem } from '../../parts/problem.js';
import { FirstStep } from './first-step.js';
import { SecondStep } from './second-step.js';
import { providerProblem } from './provider-problem.js';
import { methodsQuery } from './queries.js';
import { useArrival } from './use-arrival.js';

/** Password, passkey or provider; then the second factor where there is one. */
export function SignInPage(): ReactNode {
  const { returnTo = '/', problem } = useSearch({ from: '/sign-in' });
  const { data: methods } = useSuspenseQuery(methodsQuery);
  const [asked, setAsked] = useState<SecondFactorAsked>();
  const arrive = useArrival();
  const done = async (): Promise<void> => arrive(returnTo);

  if (!methods.setUp) {
    return (
      <Sheet title="Not set up yet" narrow>
        <Text>
          Nobody can sign in before there is a household.{' '}
          <PageLink to="/setup">Set up Rootcellar</PageLink>
        </Text>
      </Sheet>
    );
  }
  if (asked !== undefined) {
    return (
      <Sheet title="One more step" narrow>
        <SecondStep asked={asked} done={done} again={() => setAsked(undefined)} />
      </Sheet>
    );
  }
  return (
    <Sheet title="Sign in" narrow>
      <Problem text={providerProblem(problem)} />
      {returnTo === '/approve' && <Text mb="md">Then you decide about the waiting computer.</Text>}
      <FirstStep methods={methods} returnTo={returnTo} ask={setAsked} done={done} />
    </Sheet>
  );
}
