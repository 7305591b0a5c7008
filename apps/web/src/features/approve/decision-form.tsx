import { Button, Group, NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { DeviceCodeLook, Scope } from '../../lib/contract.js';
import { moment } from '../../lib/moment.js';
import { refusalOf } from '../../lib/refusal.js';
import { Problem } from '../../parts/problem.js';
import { SCOPE_WORDS } from '../../parts/role-words.js';
import { meQuery } from '../sign-in/queries.js';
import { decide } from './queries.js';

interface DecisionFormProps {
  readonly code: string;
  readonly look: DeviceCodeLook;
  readonly decided: (how: 'approved' | 'denied') => void;
}

const SCOPES: readonly Scope[] = ['push', 'restore', 'admin'];

/** What asks, and what it is to be allowed. */
export function DecisionForm({ code, look, decided }: DecisionFormProps): ReactNode {
  const [scope, setScope] = useState<Scope>(look.scope);
  const [householdId, setHouseholdId] = useState<string>();
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const send = async (approve: boolean): Promise<void> => {
    setSending(true);
    setProblem(undefined);
    try {
      const extent = householdId === undefined ? { scope } : { scope, householdId };
      await decide({ userCode: code, approve, ...(approve ? extent : {}) });
      decided(approve ? 'approved' : 'denied');
    } catch (error) {
      setProblem(refusalOf(error).problem);
      setSending(false);
    }
  };
  return (
    <Stack>
      <Text>Approve only if you started this yourself, and the terminal shows the same code.</Text>
      <Asking code={code} look={look} />
      <HouseholdChoice chosen={householdId} choose={setHouseholdId} />
      <Radio.Group
        label="It may"
        value={scope}
        onChange={(value) => setScope(SCOPES.find((each) => each === value) ?? look.scope)}
      >
        <Stack gap="sm" mt="xs">
          {SCOPES.map((each) => (
            <Radio
              key={each}
              value={each}
              label={SCOPE_WORDS[each].name}
              description={SCOPE_WORDS[each].means}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Problem text={problem} />
      <Group grow preventGrowOverflow={false}>
        <Button variant="default" disabled={sending} onClick={() => void send(false)}>
          Deny
        </Button>
        <Button loading={sending} onClick={() => void send(true)}>
          Approve
        </Button>
      </Group>
    </Stack>
  );
}

function Asking({ code, look }: Pick<DecisionFormProps, 'code' | 'look'>): ReactNode {
  return (
    <dl className="facts">
      <dt>Code</dt>
      <dd className="user-code">{code}</dd>
      <dt>Computer</dt>
      <dd>{look.clientName}</dd>
      <dt>Asks from</dt>
      <dd>{look.from}</dd>
      <dt>Asked at</dt>
      <dd>{moment(look.requestedAt)}</dd>
    </dl>
  );
}

interface HouseholdChoiceProps {
  readonly chosen: string | undefined;
  readonly choose: (householdId: string) => void;
}

function HouseholdChoice({ chosen, choose }: HouseholdChoiceProps): ReactNode {
  const { data: me } = useSuspenseQuery(meQuery);
  if (me === null || me.households.length < 2) return null;
  return (
    <NativeSelect
      label="Household"
      value={chosen ?? me.householdId ?? ''}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
      data={me.households.map(({ householdId, householdName }) => ({
        value: householdId,
        label: householdName,
      }))}
    />
  );
}
