import { ArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import type { Service } from '../service.js';

type Profile = Schemas['ProfileDto'];
type HouseholdOf = Schemas['HouseholdOfDto'];

/**
 * Makes a token this computer's sign-in, for the household that is asked for by id or name.
 * @returns who is signed in
 * @throws ArchiveError NOT_SIGNED_IN, NOT_FOUND; the sign-in before stays then
 */
export async function keepSignIn(
  context: Context,
  wanted: {
    readonly server: string;
    readonly token: string;
    readonly household?: string | undefined;
  },
): Promise<Profile> {
  const { server, token, household } = wanted;
  const service = context.connect(server, { token });
  let me = await whoIs(service);
  if (household !== undefined) {
    const { householdId } = chooseHousehold(me.households, household);
    if (householdId !== me.householdId) {
      await useHousehold(service, householdId);
      me = await whoIs(service);
    }
  }
  // Empty for an operator who belongs to no household.
  const [memberId, householdId] = [me.memberId ?? '', me.householdId ?? ''];
  await context.profiles.write(context.profileName, { server, token, memberId, householdId });
  return me;
}

export async function whoIs(service: Service): Promise<Profile> {
  return service.call(async (api, signal) => api.GET('/api/v1/me', { signal }));
}

export async function useHousehold(service: Service, householdId: string): Promise<void> {
  const body = { householdId };
  await service.call(async (api, signal) =>
    api.PUT('/api/v1/sessions/current/household', { body, signal }),
  );
}

/** By id or name. @throws ArchiveError NOT_FOUND, INPUT_INVALID when several have the name */
export function chooseHousehold(households: readonly HouseholdOf[], which: string): HouseholdOf {
  const found = households.filter(
    ({ householdId, householdName }) =>
      householdId === which.toLowerCase() || sameName(householdName, which),
  );
  const [household, another] = found;
  if (household === undefined) {
    throw new ArchiveError('NOT_FOUND', 'You belong to no such household.', {
      hint: `Yours: ${households.map(({ householdName }) => householdName).join(', ') || 'none'}.`,
    });
  }
  if (another !== undefined) {
    throw new ArchiveError('INPUT_INVALID', 'Several of your households have this name.', {
      hint: `Give the id: ${found.map(({ householdId }) => householdId).join(', ')}.`,
    });
  }
  return household;
}

export function sameName(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}
