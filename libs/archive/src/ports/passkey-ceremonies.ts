import type { PasskeyKey } from './sign-in-catalog.js';

/** Whom a passkey is made for and shown to. */
export interface RelyingParty {
  /** The name of the host. */
  readonly id: string;
  /** Scheme, host and port. */
  readonly origin: string;
}

/** WebAuthn's own part: what goes to the browser, and whether what comes back proves what it must (the user was verified). */
export interface PasskeyCeremonies {
  creationOptions(asked: {
    readonly party: RelyingParty;
    readonly challenge: string;
    readonly user: { readonly id: Uint8Array; readonly email: string; readonly name: string };
    /** Passkeys the account has already. */
    readonly exclude: readonly PasskeyKey[];
  }): Promise<Record<string, unknown>>;
  requestOptions(asked: {
    readonly party: RelyingParty;
    readonly challenge: string;
    /** Any that the browser knows, without it. */
    readonly allow?: readonly PasskeyKey[];
  }): Promise<Record<string, unknown>>;
  /** @returns undefined when the answer does not prove it */
  verifyCreation(answer: {
    readonly party: RelyingParty;
    readonly challenge: string;
    readonly response: Readonly<Record<string, unknown>>;
  }): Promise<PasskeyKey | undefined>;
  /** @returns the new counter; undefined when the answer does not prove it, or the counter did not grow */
  verifyRequest(answer: {
    readonly party: RelyingParty;
    readonly challenge: string;
    readonly response: Readonly<Record<string, unknown>>;
    readonly passkey: PasskeyKey;
  }): Promise<number | undefined>;
}
