import { call } from '../../lib/call.js';

/** For the sign-in of this browser alone. */
export async function switchHousehold(householdId: string): Promise<void> {
  await call('PUT', '/api/v1/sessions/current/household', { householdId });
}
