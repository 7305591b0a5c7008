import { api } from '../../lib/api.js';

/** For the sign-in of this browser alone. */
export async function switchHousehold(householdId: string): Promise<void> {
  await api.PUT('/api/v1/sessions/current/household', { body: { householdId } });
}
