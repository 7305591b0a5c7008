import {
  Attempts,
  Challenges,
  ChangePassword,
  ConfirmPassword,
  DeviceCodes,
  Devices,
  EndMembership,
  HouseholdSettings,
  Invitations,
  Members,
  OwnSignIns,
  PasskeySignIn,
  Passkeys,
  ProviderSignIn,
  SecondFactors,
  SetUpHousehold,
  Shares,
  SignIn,
  Tokens,
} from '@rootcellar/archive';
import type { Vaults, HouseholdSpaces } from '@rootcellar/archive';
import type {
  PgPeopleCatalog,
  PgQuotaCatalog,
  PgRetentionCatalog,
  RecentPrincipals,
} from '@rootcellar/catalog';
import {
  PgAccountCatalog,
  PgAttemptCatalog,
  PgDeviceCatalog,
  PgDeviceCodeCatalog,
  PgInvitationCatalog,
  PgMemberCatalog,
  PgPasskeyCatalog,
  PgProviderCatalog,
  PgSecondFactorCatalog,
  PgShareCatalog,
  PgSharingCatalog,
  PgTokenCatalog,
} from '@rootcellar/catalog';
import type { AccountId } from '@rootcellar/model';
import { MasterKeySeals } from './sign-in/master-key-seals.js';
import { webauthnCeremonies } from './sign-in/webauthn-ceremonies.js';
import type { Adapters, Archive, SignInUseCases } from './archive.js';

type PeopleUseCases = Pick<
  Archive,
  | 'setUpHousehold'
  | 'householdSettings'
  | 'invitations'
  | 'members'
  | 'endMembership'
  | 'tokens'
  | 'deviceCodes'
  | 'devices'
  | 'shares'
>;

export function composePeople(
  {
    adapters,
    vaults,
    spaces,
    policies,
    quotaCatalog,
  }: {
    readonly adapters: Adapters;
    readonly vaults: Vaults;
    readonly spaces: HouseholdSpaces;
    readonly policies: PgRetentionCatalog;
    readonly quotaCatalog: PgQuotaCatalog;
  },
  {
    people,
    recent,
    attempts,
  }: {
    readonly people: PgPeopleCatalog;
    readonly recent: RecentPrincipals;
    readonly attempts: Attempts;
  },
): PeopleUseCases {
  const { database, clock, setupToken } = adapters;
  const members = new PgMemberCatalog(database, clock, recent);
  const invitations = new PgInvitationCatalog(database, clock, recent);
  const accounts = accountsOf(adapters, people);
  const codes = new PgDeviceCodeCatalog(database, clock);
  return {
    setUpHousehold: new SetUpHousehold({ people, vaults, setupToken, clock, attempts }),
    householdSettings: new HouseholdSettings({
      sharing: new PgSharingCatalog(database, clock),
      quotas: quotaCatalog,
    }),
    invitations: new Invitations({ invitations, people, accounts, vaults, clock }),
    members: new Members(members),
    endMembership: new EndMembership({ members, retention: policies, spaces, clock }),
    tokens: new Tokens(new PgTokenCatalog(database, clock, recent), clock),
    deviceCodes: new DeviceCodes({ codes, people, clock }),
    devices: new Devices(new PgDeviceCatalog(database, clock)),
    shares: new Shares(new PgShareCatalog(database, clock), clock),
  };
}

export function composeSignIn(adapters: Adapters, people: PgPeopleCatalog): SignInUseCases {
  const { database, clock, masterKey, providers } = adapters;
  const ended = (accountId: AccountId): void => people.forgetAccount(accountId);
  const accounts = accountsOf(adapters, people);
  const factors = new PgSecondFactorCatalog(database, clock, ended);
  const passkeys = new PgPasskeyCatalog(database, clock, ended);
  const seals = new MasterKeySeals(masterKey);
  const attempts = new Attempts({ catalog: new PgAttemptCatalog(database), seals, clock });
  const challenges = new Challenges({ seals, accounts, clock });
  const confirmPassword = new ConfirmPassword(accounts, attempts);
  const secondFactors = new SecondFactors({
    ...{ factors, accounts, confirmPassword, attempts, seals, clock },
  });
  const signIn = new SignIn({
    ...{ people, accounts, factors, passkeys, secondFactors, challenges, attempts, clock },
  });
  const ceremonies = webauthnCeremonies;
  return {
    ...{ attempts, signIn, secondFactors },
    passkeySignIn: new PasskeySignIn({ passkeys, ceremonies, challenges, attempts, signIn, clock }),
    providerSignIn: new ProviderSignIn({
      ...{ ...providers, accounts, challenges, signIn, clock },
      links: new PgProviderCatalog(database, clock, ended),
    }),
    passkeys: new Passkeys({ passkeys, accounts, ceremonies, challenges, clock }),
    changePassword: new ChangePassword(accounts, confirmPassword),
    ownSignIns: new OwnSignIns(accounts, clock),
  };
}

function accountsOf({ database, clock }: Adapters, people: PgPeopleCatalog): PgAccountCatalog {
  return new PgAccountCatalog(database, clock, (id) => people.forgetAccount(id));
}
