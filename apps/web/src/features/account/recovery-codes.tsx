import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { copyText } from '../../parts/command.js';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly saved: () => void;
}

/** Shown this once: the service keeps no more than their hashes. */
export function RecoveryCodes({ codes, saved }: RecoveryCodesProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('Copy');
  useEffect(() => heading.current?.focus(), []);
  const copy = async (): Promise<void> => {
    setSaid(await copyText(codes.join('\n'), list.current));
  };
  return (
    <Stack>
      <Title order={3} ref={heading} tabIndex={-1}>
        Save these recovery codes
      </Title>
      <Text>
        Each signs you in once when your authenticator app is lost. They are not shown again: write
        them down, or put them into your password manager.
      </Text>
      <ul className="recovery-codes" ref={list} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <Button variant="default" miw="6.5rem" onClick={() => void copy()}>
          {said}
        </Button>
        <Button onClick={saved}>I have saved them</Button>
      </Group>
    </Stack>
  );
}
