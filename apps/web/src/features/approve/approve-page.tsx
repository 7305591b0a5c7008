import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Sheet } from '../../frame/sheet.js';
import { forgetLinkSecret } from '../../lib/link-secret.js';
import { refusalOf } from '../../lib/refusal.js';
import { useLinkSecret } from '../../lib/use-link-secret.js';
import { CodeForm } from './code-form.js';
import { DecisionForm } from './decision-form.js';
import { lookAtCode } from './queries.js';

type Outcome = 'approved' | 'denied';

/** A terminal somewhere waits to be signed in as whoever looks at this page. */
export function ApprovePage(): ReactNode {
  const fromLink = useLinkSecret('/approve');
  const [typed, setTyped] = useState('');
  const [outcome, setOutcome] = useState<Outcome>();
  const code = typed === '' ? fromLink : typed;
  const look = useQuery({
    queryKey: ['device-code', code],
    queryFn: async () => lookAtCode(code),
    enabled: code !== '' && outcome === undefined,
    gcTime: 0,
  });

  if (outcome !== undefined) return <Decided outcome={outcome} />;
  if (look.data !== undefined) {
    return (
      <Sheet title="Sign a computer in?" narrow>
        <DecisionForm
          code={code}
          look={look.data}
          decided={(how) => {
            forgetLinkSecret();
            setOutcome(how);
          }}
        />
      </Sheet>
    );
  }
  return (
    <Sheet title="Sign a computer in" narrow>
      {look.isLoading ? (
        <Text role="status">Looking for the code …</Text>
      ) : (
        <CodeForm
          refused={look.error === null ? undefined : refusalOf(look.error).problem}
          look={(text) => {
            forgetLinkSecret();
            setTyped(text);
            if (text === code) void look.refetch();
          }}
        />
      )}
    </Sheet>
  );
}

function Decided({ outcome }: { readonly outcome: Outcome }): ReactNode {
  return outcome === 'approved' ? (
    <Sheet title="Approved" narrow>
      <Text>The computer is signed in within seconds. Go on in its terminal.</Text>
      <Text mt="sm" c="dimmed">
        It is in the list of sign-ins of your account, where you can end it at any time.
      </Text>
    </Sheet>
  ) : (
    <Sheet title="Denied" narrow>
      <Text>The computer was not signed in, and the code is void.</Text>
    </Sheet>
  );
}
