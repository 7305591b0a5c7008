/** What a provider is asked with, and must come back with. */
export interface ProviderChecks {
  readonly state: string;
  readonly nonce: string;
  /** PKCE's code verifier. */
  readonly verifier: string;
}

/** Who somebody is, by the word of a provider. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  /** Undefined when the provider tells no groups at all. */
  readonly groups: readonly string[] | undefined;
}

/** A service that signs people in for us (OpenID Connect). */
export interface IdentityProvider {
  /** In addresses of ours. */
  readonly id: string;
  readonly name: string;
  /** @throws ArchiveError PROVIDER_FAILED */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly checks: ProviderChecks }>;
  /** @param callback the address the provider sent the browser to. @throws ArchiveError PROVIDER_FAILED */
  finish(callback: URL, checks: ProviderChecks): Promise<Identity>;
}
