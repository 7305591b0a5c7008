import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { refusalOf } from '../../lib/refusal.js';
import { Problem } from '../../parts/problem.js';
import { PasskeyDeclined, signInWithPasskey } from './passkeys.js';

interface PasskeyButtonProps {
  /** Of the first step, where the passkey is the second factor. */
  readonly challenge?: string;
  readonly done: () => Promise<void>;
}

export function PasskeyButton({ challenge, done }: PasskeyButtonProps): ReactNode {
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const ask = async (): Promise<void> => {
    setAsking(true);
    setProblem(undefined);
    try {
      await signInWithPasskey(challenge);
      await done();
    } catch (error) {
      setProblem(
        error instanceof PasskeyDeclined
          ? 'No passkey was given. Try again, or sign in another way.'
          : refusalOf(error).problem,
      );
    } finally {
      setAsking(false);
    }
  };
  return (
    <>
      <Button variant="default" fullWidth loading={asking} onClick={() => void ask()}>
        Use a passkey
      </Button>
      <Problem text={problem} />
    </>
  );
}
