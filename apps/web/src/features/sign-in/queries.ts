import { ApiError } from '@rootcellar/client';
import { queryOptions } from '@tanstack/react-query';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { call } from '../../lib/call.js';
import type { Profile, SecondFactorAsked, SignInMethods, SignedIn } from '../../lib/contract.js';

/** A sign-in that lives in a cookie of this browser. */
export const HERE = { as: 'cookie', computerName: 'web browser' } as const;

/** Whether the service is set up, and by what one signs in. */
export const methodsQuery = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: async () => call<SignInMethods>('GET', '/api/v1/sign-in-methods'),
});

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Profile | null> => {
    try {
      return await call<Profile>('GET', '/api/v1/me');
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

export async function signIn(words: {
  readonly email: string;
  readonly password: string;
}): Promise<SignedIn | SecondFactorAsked> {
  return call('POST', '/api/v1/sessions', { ...words, ...HERE });
}

export async function answerSecondFactor(code: {
  readonly challenge: string;
  readonly totp?: string;
  readonly recoveryCode?: string;
}): Promise<SignedIn> {
  return call('POST', '/api/v1/sessions/second-factor', { ...code, ...HERE });
}

export interface PasskeyAsked {
  readonly passkeyChallenge: string;
  readonly options: PublicKeyCredentialRequestOptionsJSON;
}

/** @param challenge of the first step, where the passkey is the second factor */
export async function askForPasskey(challenge?: string): Promise<PasskeyAsked> {
  return call('POST', '/api/v1/sessions/passkey/options', { challenge });
}

export async function answerPasskey(
  passkeyChallenge: string,
  response: AuthenticationResponseJSON,
): Promise<SignedIn> {
  return call('POST', '/api/v1/sessions/passkey', { passkeyChallenge, response, ...HERE });
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/api/v1/sessions/current');
}
