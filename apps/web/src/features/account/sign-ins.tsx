import { Badge, Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SignInEntry } from '../../lib/contract.js';
import { moment } from '../../lib/moment.js';
import { useAction } from '../../lib/use-action.js';
import { Part } from '../../parts/part.js';
import { Problem } from '../../parts/problem.js';
import { SCOPE_WORDS } from '../../parts/role-words.js';
import { endSignIn, signInsQuery } from './queries.js';

/** Where one is signed in. */
export function SignIns({ signIns }: { readonly signIns: readonly SignInEntry[] }): ReactNode {
  return (
    <Part title="Signed in at">
      <ul className="rows" role="list" aria-label="Sign-ins">
        {signIns.map((entry) => (
          <SignInRow key={entry.id} entry={entry} />
        ))}
      </ul>
    </Part>
  );
}

function SignInRow({ entry }: { readonly entry: SignInEntry }): ReactNode {
  const queryClient = useQueryClient();
  const { id, name, kind, scope, createdAt, lastUsedAt, current } = entry;
  const end = useAction(async () => {
    await endSignIn(id);
    await queryClient.invalidateQueries(signInsQuery);
  });
  const may = kind === 'session' ? 'Browser' : SCOPE_WORDS[scope].name;
  return (
    <li>
      <div>
        <Text fw={600}>{name}</Text>
        <Text size="sm" c="dimmed">
          {may}, since {moment(createdAt)}
          {lastUsedAt === null ? '' : `, last used ${moment(lastUsedAt)}`}
        </Text>
        <Problem text={end.problem} />
      </div>
      {current ? (
        <Badge variant="default" size="lg" tt="none">
          This browser
        </Badge>
      ) : (
        <Button
          variant="default"
          loading={end.running}
          onClick={end.run}
          aria-label={`Sign out ${name}, since ${moment(createdAt)}`}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}
