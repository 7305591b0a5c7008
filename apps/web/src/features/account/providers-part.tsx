import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { SignInMethods } from '../../lib/contract.js';
import { Part } from '../../parts/part.js';
import { ProviderLink } from '../../parts/provider-link.js';

type ProvidersProps = Pick<SignInMethods, 'providers'>;

/** Other services that may say who one is; there is nothing to see where the server has none. */
export function ProvidersPart({ providers }: ProvidersProps): ReactNode {
  if (providers.length === 0) return null;
  return (
    <Part title="Sign in with another service">
      <Text mb="sm">Once it is connected, it signs you in here without a password of its own.</Text>
      <Group>
        {providers.map(({ id, name }) => (
          <ProviderLink key={id} id={id} words={`Connect ${name}`} returnTo="/account" connects />
        ))}
      </Group>
    </Part>
  );
}
