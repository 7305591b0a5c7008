import { queryOptions } from '@tanstack/react-query';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import { call } from '../../lib/call.js';
import type { SecondFactors, SignInEntry } from '../../lib/contract.js';

export const secondFactorsQuery = queryOptions({
  queryKey: ['second-factors'],
  queryFn: async () => call<SecondFactors>('GET', '/api/v1/me/second-factors'),
});

/** One's own, the last used first. */
export const signInsQuery = queryOptions({
  queryKey: ['sign-ins'],
  queryFn: async () => call<SignInEntry[]>('GET', '/api/v1/sessions'),
});

export async function endSignIn(id: string): Promise<void> {
  await call('DELETE', `/api/v1/sessions/${encodeURIComponent(id)}`);
}

export async function changePassword(passwords: {
  readonly current?: string;
  readonly password: string;
}): Promise<void> {
  await call('PUT', '/api/v1/me/password', passwords);
}

export interface NewTotp {
  readonly secret: string;
  /** `otpauth://…`, for the QR code. */
  readonly uri: string;
}

/** In force once it is confirmed. */
export async function beginTotp(): Promise<NewTotp> {
  return call('POST', '/api/v1/me/totp');
}

/** @returns recovery codes, told this once */
export async function confirmTotp(code: string): Promise<readonly string[]> {
  const answer = await call<{ readonly recoveryCodes: readonly string[] }>(
    'POST',
    '/api/v1/me/totp/confirm',
    { code },
  );
  return answer.recoveryCodes;
}

export async function removeTotp(password: string): Promise<void> {
  await call('DELETE', '/api/v1/me/totp', { password });
}

/** Those before are void. */
export async function newRecoveryCodes(): Promise<readonly string[]> {
  const answer = await call<{ readonly recoveryCodes: readonly string[] }>(
    'POST',
    '/api/v1/me/recovery-codes',
  );
  return answer.recoveryCodes;
}

export interface NewPasskey {
  readonly passkeyChallenge: string;
  readonly options: PublicKeyCredentialCreationOptionsJSON;
}

export async function beginPasskey(): Promise<NewPasskey> {
  return call('POST', '/api/v1/me/passkeys/options');
}

export async function addPasskey(passkey: {
  readonly passkeyChallenge: string;
  readonly name: string;
  readonly response: RegistrationResponseJSON;
}): Promise<void> {
  await call('POST', '/api/v1/me/passkeys', passkey);
}

export async function removePasskey(id: string): Promise<void> {
  await call('DELETE', `/api/v1/me/passkeys/${encodeURIComponent(id)}`);
}
