import { Text } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PageLink } from '../../frame/page-link.js';
import { Sheet } from '../../frame/sheet.js';
import type { InvitationLook, Profile } from '../../lib/contract.js';
import { moment } from '../../lib/moment.js';
import { refusalOf } from '../../lib/refusal.js';
import { useLinkSecret } from '../../lib/use-link-secret.js';
import { Problem } from '../../parts/problem.js';
import { ROLE_MEANS, ROLE_WORDS } from '../../parts/role-words.js';
import { meQuery } from '../sign-in/queries.js';
import { JoinForm } from './join-form.js';
import { NewAccountForm } from './new-account-form.js';
import { lookAtInvitation } from './queries.js';

/** What the link of an invitation opens. */
export function InvitationPage(): ReactNode {
  const token = useLinkSecret('/invitation');
  const { data: me } = useSuspenseQuery(meQuery);
  const look = useQuery({
    queryKey: ['invitation'],
    queryFn: async () => lookAtInvitation(token),
    enabled: token !== '',
    gcTime: 0,
  });
  if (token === '') return <NoInvitation />;
  if (look.isPending) {
    return (
      <Sheet title="Invitation" narrow>
        <Text role="status">Looking for the invitation …</Text>
      </Sheet>
    );
  }
  if (look.data === undefined) {
    return (
      <Sheet title="This invitation is no good" narrow>
        <Problem text={refusalOf(look.error).problem} />
      </Sheet>
    );
  }
  return <Invited token={token} look={look.data} me={me} />;
}

interface InvitedProps {
  readonly token: string;
  readonly look: InvitationLook;
  readonly me: Profile | null;
}

function Invited({ token, look, me }: InvitedProps): ReactNode {
  return (
    <Sheet title={`Join ${look.householdName}`} narrow>
      <Text>
        {look.invitedBy} invites you to be a{look.role === 'admin' ? 'n' : ''}{' '}
        {ROLE_WORDS[look.role]} of this household. {ROLE_MEANS[look.role]}
      </Text>
      <Text mt="sm" mb="lg" c="dimmed" size="sm">
        The invitation works once, until {moment(look.expiresAt)}.
      </Text>
      {me === null ? (
        <NewAccountForm token={token} name={look.name} />
      ) : (
        <JoinForm token={token} me={me} />
      )}
    </Sheet>
  );
}

function NoInvitation(): ReactNode {
  return (
    <Sheet title="Invitation" narrow>
      <Text>
        Open the link you were sent, whole: the invitation is what follows the # in it.{' '}
        <PageLink to="/">Go to the first page</PageLink>
      </Text>
    </Sheet>
  );
}
