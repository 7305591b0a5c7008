import { Button, Text } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Problem } from '../parts/problem.js';
import { refusalOf } from '../lib/refusal.js';
import { PageLink } from './page-link.js';
import { Sheet } from './sheet.js';

export function MissingPage(): ReactNode {
  return (
    <Sheet title="There is no such page" narrow>
      <Text>
        The address may be mistyped. <PageLink to="/">Go to the first page</PageLink>
      </Text>
    </Sheet>
  );
}

/** What a page needs to be drawn did not come. */
export function BrokenPage({ error, reset }: ErrorComponentProps): ReactNode {
  return (
    <Sheet title="This page could not be read" narrow>
      <Problem text={refusalOf(error).problem} />
      <Button mt="md" onClick={reset}>
        Try again
      </Button>
    </Sheet>
  );
}

/** Shown only when an answer takes a second. */
export function WaitingPage(): ReactNode {
  return (
    <div className="sheet" data-narrow="" role="status">
      <Text c="dimmed">Asking the service …</Text>
    </div>
  );
}
