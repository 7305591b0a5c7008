import type { IdentityProvider } from '../ports/identity-provider.js';

export interface ProviderSignInParts {
  readonly providers: readonly IdentityProvider[];
}

/** Signing in by the word of another service. */
export class ProviderSignIn {
  readonly #parts: ProviderSignInParts;

  constructor(parts: ProviderSignInParts) {
    this.#parts = parts;
  }

  providers(): { readonly id: string; readonly name: string }[] {
    return this.#parts.providers.map(({ id, name }) => ({ id, name }));
  }
}
