import { Text } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { WaitingPage } from '../../frame/other-pages.js';
import { Sheet } from '../../frame/sheet.js';
import { refusalOf } from '../../lib/refusal.js';
import { Problem } from '../../parts/problem.js';
import { meQuery, methodsQuery } from '../sign-in/queries.js';
import { Passkeys } from './passkeys.js';
import { PasswordPart } from './password-part.js';
import { ProvidersPart } from './providers-part.js';
import { secondFactorsQuery, signInsQuery } from './queries.js';
import { SecondStepPart } from './second-step-part.js';
import { SignIns } from './sign-ins.js';

/** How one signs in, and where one is. */
export function AccountPage(): ReactNode {
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: methods } = useSuspenseQuery(methodsQuery);
  const factors = useQuery(secondFactorsQuery);
  const signIns = useQuery(signInsQuery);
  const failed = factors.error ?? signIns.error;
  if (failed !== null) {
    return (
      <Sheet title="Your account">
        <Problem text={refusalOf(failed).problem} />
      </Sheet>
    );
  }
  if (me === null || factors.data === undefined || signIns.data === undefined)
    return <WaitingPage />;
  return (
    <Sheet title="Your account">
      <Text>
        {me.name}, {me.email}
      </Text>
      <PasswordPart exists={factors.data.password} />
      <SecondStepPart factors={factors.data} />
      <Passkeys passkeys={factors.data.passkeys} possible={methods.passkeys} />
      <ProvidersPart providers={methods.providers} />
      <SignIns signIns={signIns.data} />
    </Sheet>
  );
}
