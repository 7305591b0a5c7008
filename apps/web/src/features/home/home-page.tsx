import { Code, Text, Title } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PageButton } from '../../frame/page-link.js';
import { Sheet } from '../../frame/sheet.js';
import type { Profile } from '../../lib/contract.js';
import { ROLE_WORDS } from '../../parts/role-words.js';
import { meQuery, methodsQuery } from '../sign-in/queries.js';
import { HouseholdSwitch } from './household-switch.js';
import { NextSteps } from './next-steps.js';

export function HomePage(): ReactNode {
  const { data: methods } = useSuspenseQuery(methodsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  if (!methods.setUp) return <NotSetUp />;
  return me === null ? <Welcome /> : <Home me={me} />;
}

function NotSetUp(): ReactNode {
  return (
    <Sheet title="Rootcellar is running">
      <Text>It is not set up yet: it has no household and no administrator.</Text>
      <Text mt="sm">
        Open the link that it printed when it started. Without the link, take the token out of the
        file <Code>setup-token</Code> in its data folder first.
      </Text>
      <PageButton to="/setup" mt="lg" fullWidth>
        Set up Rootcellar
      </PageButton>
    </Sheet>
  );
}

function Welcome(): ReactNode {
  return (
    <Sheet title="Rootcellar is running" narrow>
      <Text>It keeps every version of the apps and backups of its household.</Text>
      <PageButton to="/sign-in" mt="lg" fullWidth>
        Sign in
      </PageButton>
    </Sheet>
  );
}

function Home({ me }: { readonly me: Profile }): ReactNode {
  return (
    <Sheet title={me.householdName ?? 'Rootcellar'}>
      <Text>
        Signed in as <strong>{me.name}</strong>, {placeOf(me)}.
      </Text>
      <HouseholdSwitch me={me} />
      {me.memberId !== null && (
        <section className="part" aria-labelledby="next">
          <Title order={2} id="next">
            What is next
          </Title>
          <NextSteps keepsServer={me.operator} />
        </section>
      )}
    </Sheet>
  );
}

function placeOf({ role, operator }: Profile): string {
  if (role === null) return 'operator of this server, of no household';
  return operator ? `${ROLE_WORDS[role]} and operator of this server` : ROLE_WORDS[role];
}
