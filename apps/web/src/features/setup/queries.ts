import { api } from '../../lib/api.js';
import { HERE } from '../sign-in/queries.js';

export interface NewHousehold {
  readonly setupToken: string;
  readonly household: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly timeZone: string;
}

/** Makes the household and its first administrator, and signs this browser in. Works once. */
export async function setUp(household: NewHousehold): Promise<void> {
  await api.POST('/api/v1/setup', { body: { ...household, ...HERE } });
}
