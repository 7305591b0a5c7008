/** What the routes of signing in and of people answer. */

export interface SignInMethods {
  readonly setUp: boolean;
  readonly passkeys: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

export type Role = 'admin' | 'member' | 'limited';
export type Scope = 'push' | 'restore' | 'admin';

export interface Membership {
  readonly householdId: string;
  readonly householdName: string;
  readonly memberId: string;
  readonly role: Role;
}

export interface Profile {
  readonly accountId: string;
  readonly memberId: string | null;
  readonly name: string;
  readonly email: string;
  readonly role: Role | null;
  readonly operator: boolean;
  readonly householdId: string | null;
  readonly householdName: string | null;
  readonly timeZone: string | null;
  readonly households: readonly Membership[];
}

export interface SignedIn {
  readonly status: 'signed-in';
  readonly accountId: string;
  readonly memberId: string | null;
  readonly token: string | null;
}

export type SecondFactor = 'totp' | 'recovery-code' | 'passkey';

export interface SecondFactorAsked {
  readonly status: 'second-factor';
  readonly challenge: string;
  readonly factors: readonly SecondFactor[];
}

export interface InvitationLook {
  readonly householdName: string;
  readonly invitedBy: string;
  readonly role: Role;
  readonly name: string | null;
  readonly expiresAt: string;
}

export interface DeviceCodeLook {
  readonly clientName: string;
  readonly scope: Scope;
  readonly from: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
}

export interface SignInEntry {
  readonly id: string;
  readonly name: string;
  readonly kind: 'session' | 'token';
  readonly scope: Scope;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly current: boolean;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

export interface SecondFactors {
  readonly totp: boolean;
  readonly recoveryCodesLeft: number;
  readonly passkeys: readonly Passkey[];
}
