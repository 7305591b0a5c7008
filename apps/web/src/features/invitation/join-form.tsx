import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Profile } from '../../lib/contract.js';
import { forgetLinkSecret } from '../../lib/link-secret.js';
import { refusalOf } from '../../lib/refusal.js';
import { Problem } from '../../parts/problem.js';
import { useArrival } from '../sign-in/use-arrival.js';
import { joinWithAccount } from './queries.js';

interface JoinFormProps {
  readonly token: string;
  readonly me: Profile;
}

/** For somebody who has an account, of another household perhaps. */
export function JoinForm({ token, me }: JoinFormProps): ReactNode {
  const arrive = useArrival();
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const join = async (): Promise<void> => {
    setSending(true);
    setProblem(undefined);
    try {
      await joinWithAccount(token);
      forgetLinkSecret();
      await arrive('/');
    } catch (error) {
      setProblem(refusalOf(error).problem);
      setSending(false);
    }
  };
  return (
    <Stack>
      <Text>
        You are signed in as <strong>{me.name}</strong> ({me.email}). Is the invitation for somebody
        else? Sign out first.
      </Text>
      <Problem text={problem} />
      <Button fullWidth loading={sending} onClick={() => void join()}>
        Join as {me.name}
      </Button>
    </Stack>
  );
}
