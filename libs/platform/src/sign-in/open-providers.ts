import type { GroupRole, IdentityProvider, Role } from '@rootcellar/archive';
import { ArchiveError, parseId } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import { readSecret } from '../config/read-secret.js';
import type { ProviderConfig } from '../config/sign-in-config.js';
import { openIdProvider } from './openid-provider.js';

/** Who else signs people in, and what their groups mean. */
export interface Providers {
  readonly providers: readonly IdentityProvider[];
  readonly groupRoles: readonly GroupRole[];
}

/** @throws ArchiveError CONFIG_INVALID */
export async function openProviders(config: ProviderConfig | undefined): Promise<Providers> {
  if (config === undefined) return { providers: [], groupRoles: [] };
  const { issuer, clientId, clientSecretFile, name, groupsClaim, groupsFile } = config;
  const clientSecret =
    clientSecretFile === undefined
      ? undefined
      : await readSecret(clientSecretFile, 'ROOTCELLAR_OIDC_CLIENT_SECRET_FILE');
  const groupRoles =
    groupsFile === undefined
      ? []
      : parseGroupRoles(await readSecret(groupsFile, 'ROOTCELLAR_OIDC_GROUPS_FILE'));
  const provider = openIdProvider({ issuer, clientId, clientSecret, name, groupsClaim });
  return { providers: [provider], groupRoles };
}

const RULES_MAX = 1000;
const ROLES = new Set<unknown>(['admin', 'member', 'limited'] satisfies Role[]);

/** `[{"group": …, "householdId": …, "role": …}]`. @throws ArchiveError CONFIG_INVALID saying which rule is wrong */
export function parseGroupRoles(text: string): readonly GroupRole[] {
  const rules = parseJson(text);
  if (!Array.isArray(rules) || rules.length > RULES_MAX)
    throw invalid(`it is no list of at most ${RULES_MAX} rules`);
  return rules.map((rule: unknown, at) => {
    const { group, householdId, role } = (rule ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof group !== 'string' || group === '' || !ROLES.has(role))
      throw invalid(`rule ${at + 1} has no group, or no role of admin, member, limited`);
    return { group, householdId: householdIn(householdId, at), role: role as Role };
  });
}

function householdIn(id: unknown, at: number): HouseholdId {
  try {
    return parseId<HouseholdId>(String(id));
  } catch {
    throw invalid(`the householdId of rule ${at + 1} is no UUID`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is no JSON');
  }
}

function invalid(why: string): ArchiveError {
  return new ArchiveError(
    'CONFIG_INVALID',
    `ROOTCELLAR_OIDC_GROUPS_FILE cannot be used: ${why}. Nothing was started.`,
    { hint: 'docs/operator.md, Signing in, shows one.' },
  );
}
