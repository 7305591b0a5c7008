import { Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { PageButton } from '../../frame/page-link.js';
import { Sheet } from '../../frame/sheet.js';
import { methodsQuery } from '../sign-in/queries.js';
import { SetUpForm } from './setup-form.js';

/** What the link of the first start opens. */
export function SetUpPage(): ReactNode {
  const { data: methods } = useSuspenseQuery(methodsQuery);
  const [tooLate, setTooLate] = useState(false);
  if (methods.setUp || tooLate) {
    return (
      <Sheet title="Rootcellar is set up already" narrow>
        <Text>
          The first administrator exists, and the set-up token is spent. There is nothing left to do
          here.
        </Text>
        <PageButton to="/" mt="lg" fullWidth>
          Go to the first page
        </PageButton>
      </Sheet>
    );
  }
  return (
    <Sheet title="Set up Rootcellar" narrow>
      <Text>Make your household and its first administrator: you. This works once.</Text>
      <SetUpForm tooLate={() => setTooLate(true)} />
    </Sheet>
  );
}
