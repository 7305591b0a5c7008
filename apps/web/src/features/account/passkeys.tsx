import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Passkey } from '../../lib/contract.js';
import { moment } from '../../lib/moment.js';
import { useAction } from '../../lib/use-action.js';
import { Part } from '../../parts/part.js';
import { Problem } from '../../parts/problem.js';
import { passkeysWorkHere } from '../sign-in/passkeys.js';
import { AddPasskey } from './add-passkey.js';
import { removePasskey, secondFactorsQuery, signInsQuery } from './queries.js';

interface PasskeysProps {
  readonly passkeys: readonly Passkey[];
  /** Whether they work at this address: browsers want a name and TLS, or `localhost`. */
  readonly possible: boolean;
}

export function Passkeys({ passkeys, possible }: PasskeysProps): ReactNode {
  return (
    <Part title="Passkeys">
      <Stack align="stretch">
        <Text>
          A passkey signs you in with the fingerprint, face or PIN of your device, without password
          or code.
        </Text>
        {passkeys.length > 0 && (
          <ul className="rows" role="list" aria-label="Passkeys">
            {passkeys.map((passkey) => (
              <PasskeyRow key={passkey.id} passkey={passkey} />
            ))}
          </ul>
        )}
        {possible && passkeysWorkHere() ? (
          <AddPasskey />
        ) : (
          <Text c="dimmed">
            At this address browsers make none: they want a name with TLS, or localhost.
          </Text>
        )}
      </Stack>
    </Part>
  );
}

function PasskeyRow({ passkey }: { readonly passkey: Passkey }): ReactNode {
  const queryClient = useQueryClient();
  const { id, name, createdAt, lastUsedAt } = passkey;
  const remove = useAction(async () => {
    await removePasskey(id);
    await Promise.all([
      queryClient.invalidateQueries(secondFactorsQuery),
      queryClient.invalidateQueries(signInsQuery),
    ]);
  });
  return (
    <li>
      <div>
        <Text fw={600}>{name}</Text>
        <Text size="sm" c="dimmed">
          Added {moment(createdAt)}
          {lastUsedAt === null ? ', never used' : `, last used ${moment(lastUsedAt)}`}
        </Text>
        <Problem text={remove.problem} />
      </div>
      <Button
        variant="default"
        loading={remove.running}
        onClick={remove.run}
        aria-label={`Remove the passkey ${name}`}
      >
        Remove
      </Button>
    </li>
  );
}
