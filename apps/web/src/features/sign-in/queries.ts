import { ApiError } from '@rootcellar/client';
import { queryOptions } from '@tanstack/react-query';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { answered, api } from '../../lib/api.js';
import type { Profile, SecondFactorAsked } from '../../lib/contract.js';

/** A sign-in that lives in a cookie of this browser. */
export const HERE = { as: 'cookie', computerName: 'web browser' } as const;

/** Whether the service is set up, and by what one signs in. */
export const methodsQuery = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: async () => answered(api.GET('/api/v1/sign-in-methods')),
});

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Profile | null> => {
    try {
      return await answered(api.GET('/api/v1/me'));
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

/** @returns what is still needed; nothing when that was all */
export async function signIn(words: {
  readonly email: string;
  readonly password: string;
}): Promise<SecondFactorAsked | undefined> {
  const { status, challenge, factors } = await answered(
    api.POST('/api/v1/sessions', { body: { ...words, ...HERE } }),
  );
  if (status === 'signed-in' || challenge === undefined) return undefined;
  return { challenge, factors: factors ?? [] };
}

export async function answerSecondFactor(code: {
  readonly challenge: string;
  readonly totp?: string;
  readonly recoveryCode?: string;
}): Promise<void> {
  await api.POST('/api/v1/sessions/second-factor', { body: { ...code, ...HERE } });
}

export interface PasskeyAsked {
  readonly passkeyChallenge: string;
  readonly optionsJSON: PublicKeyCredentialRequestOptionsJSON;
}

/** @param challenge of the first step, where the passkey is the second factor */
export async function askForPasskey(challenge?: string): Promise<PasskeyAsked> {
  const body = challenge === undefined ? {} : { challenge };
  const asked = await answered(api.POST('/api/v1/sessions/passkey/options', { body }));
  // The API's document leaves to WebAuthn what is WebAuthn's.
  const optionsJSON = asked.options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return { passkeyChallenge: asked.passkeyChallenge, optionsJSON };
}

export async function answerPasskey(
  passkeyChallenge: string,
  response: AuthenticationResponseJSON,
): Promise<void> {
  const body = { passkeyChallenge, response: { ...response }, ...HERE };
  await api.POST('/api/v1/sessions/passkey', { body });
}

export async function signOut(): Promise<void> {
  await api.DELETE('/api/v1/sessions/current');
}
