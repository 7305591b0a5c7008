import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Profile } from '../../lib/contract.js';
import { refusalOf } from '../../lib/refusal.js';
import { Problem } from '../../parts/problem.js';
import { useArrival } from '../sign-in/use-arrival.js';
import { switchHousehold } from './queries.js';

/** For a person in several households: which one this browser is in. */
export function HouseholdSwitch({ me }: { readonly me: Profile }): ReactNode {
  const arrive = useArrival();
  const [problem, setProblem] = useState<string>();
  const [switching, setSwitching] = useState(false);
  const choose = async (householdId: string): Promise<void> => {
    setSwitching(true);
    setProblem(undefined);
    try {
      await switchHousehold(householdId);
      await arrive('/');
    } catch (error) {
      setProblem(refusalOf(error).problem);
    } finally {
      setSwitching(false);
    }
  };
  if (me.households.length < 2) return null;
  return (
    <>
      <NativeSelect
        label="Household"
        description="You belong to several. This browser shows one at a time."
        value={me.householdId ?? ''}
        disabled={switching}
        onChange={({ currentTarget }) => void choose(currentTarget.value)}
        data={me.households.map(({ householdId, householdName }) => ({
          value: householdId,
          label: householdName,
        }))}
        mt="md"
      />
      <Problem text={problem} />
    </>
  );
}
