import type { AccountId, CredentialId, Id } from '@rootcellar/model';
import type { Origin } from './audit-trail.js';
import type { Scope } from './people-catalog.js';

export type PasskeyId = Id<'passkey'>;

/** What is written about a sign-in into the audit trail of every household the account belongs to. */
export interface SignInNote {
  readonly action:
    | 'signed-in'
    | 'sign-in-failed'
    | 'password-changed'
    | 'second-factor-added'
    | 'second-factor-removed'
    | 'provider-linked'
    | 'role-changed';
  /** Where, or what of: a computer's name, a passkey's, a provider's. */
  readonly subject: string;
}

/** What changes how one signs in: noted, and it ends other sign-ins of the account, in one transaction. */
export interface Change {
  readonly accountId: AccountId;
  /** The sign-in that asked for it, which goes on. */
  readonly by: CredentialId;
  readonly note: SignInNote;
  readonly from: Origin;
  /** `browsers`: other browsers' sign-ins; `all-but-push`: every other one, but those that may only add. */
  readonly ends: 'browsers' | 'all-but-push';
}

export interface AccountSecrets {
  readonly accountId: AccountId;
  readonly name: string;
  readonly email: string;
  /** Undefined for who signs in without a password. */
  readonly passwordHash: string | undefined;
}

export interface OwnSignIn {
  readonly id: CredentialId;
  readonly name: string;
  readonly kind: 'session' | 'token';
  readonly scope: Scope;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
}

export interface AccountCatalog {
  findSecrets(accountId: AccountId): Promise<AccountSecrets | undefined>;
  changePassword(change: Change, passwordHash: string): Promise<void>;
  /** Those that are not over, the last used first. */
  signIns(accountId: AccountId, now: Date): Promise<readonly OwnSignIn[]>;
  /** @returns false when there is none of this account */
  endSignIn(accountId: AccountId, id: CredentialId): Promise<boolean>;
  note(accountId: AccountId, note: SignInNote, from: Origin | undefined): Promise<void>;
  /** Marks a challenge as used until it would be over. @returns false when it was before */
  spend(hash: Uint8Array, expiresAt: Date): Promise<boolean>;
}

export interface Totp {
  readonly sealedSecret: Uint8Array;
  readonly confirmed: boolean;
}

export interface SecondFactorCatalog {
  findTotp(accountId: AccountId): Promise<Totp | undefined>;
  /** Takes the place of one that was never confirmed. @returns false when one is in force */
  beginTotp(accountId: AccountId, sealedSecret: Uint8Array): Promise<boolean>;
  /** In force from now on, with these recovery codes and no others. @returns false when there is none to confirm */
  confirmTotp(
    change: Change,
    confirmed: { readonly step: number; readonly codeHashes: readonly Uint8Array[] },
  ): Promise<boolean>;
  /** A time step is used once, and none before it is good after it. @returns false when it is not good */
  useStep(accountId: AccountId, step: number): Promise<boolean>;
  /** With its recovery codes. @returns false when there is none */
  removeTotp(change: Change): Promise<boolean>;
  replaceRecoveryCodes(accountId: AccountId, codeHashes: readonly Uint8Array[]): Promise<void>;
  /** @returns false when it is none of the account's, or was used before */
  useRecoveryCode(accountId: AccountId, codeHash: Uint8Array): Promise<boolean>;
  recoveryCodesLeft(accountId: AccountId): Promise<number>;
}

/** A passkey's public half. */
export interface PasskeyKey {
  /** What WebAuthn calls the credential's id. */
  readonly handle: Uint8Array;
  /** COSE. */
  readonly publicKey: Uint8Array;
  /** How often it signed; 0 where it does not count. */
  readonly counter: number;
  readonly transports: readonly string[];
}

export interface StoredPasskey extends PasskeyKey {
  readonly id: PasskeyId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface PasskeyCatalog {
  /** In the order they were added. */
  list(accountId: AccountId): Promise<readonly StoredPasskey[]>;
  find(handle: Uint8Array): Promise<StoredPasskey | undefined>;
  /** @returns false when somebody has a passkey of this handle */
  add(
    change: Change,
    passkey: PasskeyKey & { readonly id: PasskeyId; readonly name: string },
  ): Promise<boolean>;
  /** @returns false when it was used beyond this counter meanwhile */
  use(id: PasskeyId, counter: number, now: Date): Promise<boolean>;
  /** @returns false when there is none of this account */
  remove(change: Change, id: PasskeyId): Promise<boolean>;
}
