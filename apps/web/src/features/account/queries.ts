import { queryOptions } from '@tanstack/react-query';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { Schemas } from '@rootcellar/client';
import { answered, api } from '../../lib/api.js';

export const secondFactorsQuery = queryOptions({
  queryKey: ['second-factors'],
  queryFn: async () => answered(api.GET('/api/v1/me/second-factors')),
});

/** One's own, the last used first. */
export const signInsQuery = queryOptions({
  queryKey: ['sign-ins'],
  queryFn: async () => answered(api.GET('/api/v1/sessions')),
});

export async function endSignIn(id: string): Promise<void> {
  await api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } });
}

export async function changePassword(passwords: {
  readonly current?: string;
  readonly password: string;
}): Promise<void> {
  await api.PUT('/api/v1/me/password', { body: passwords });
}

/** The secret, and the `otpauth://…` of the QR code. */
export type NewTotp = Schemas['NewTotpDto'];

/** In force once it is confirmed. */
export async function beginTotp(): Promise<NewTotp> {
  return answered(api.POST('/api/v1/me/totp'));
}

/** @returns recovery codes, told this once */
export async function confirmTotp(code: string): Promise<readonly string[]> {
  return (await answered(api.POST('/api/v1/me/totp/confirm', { body: { code } }))).recoveryCodes;
}

/** @param password empty where the account has none */
export async function removeTotp(password: string): Promise<void> {
  const body = password === '' ? {} : { password };
  await api.DELETE('/api/v1/me/totp', { body });
}

/** Those before are void. */
export async function newRecoveryCodes(): Promise<readonly string[]> {
  return (await answered(api.POST('/api/v1/me/recovery-codes'))).recoveryCodes;
}

export interface NewPasskey {
  readonly passkeyChallenge: string;
  readonly optionsJSON: PublicKeyCredentialCreationOptionsJSON;
}

export async function beginPasskey(): Promise<NewPasskey> {
  const { passkeyChallenge, options } = await answered(api.POST('/api/v1/me/passkeys/options'));
  // The API's document leaves to WebAuthn what is WebAuthn's.
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  return { passkeyChallenge, optionsJSON };
}

export async function addPasskey(passkey: {
  readonly passkeyChallenge: string;
  readonly name: string;
  readonly response: RegistrationResponseJSON;
}): Promise<void> {
  await api.POST('/api/v1/me/passkeys', {
    body: { ...passkey, response: { ...passkey.response } },
  });
}

export async function removePasskey(id: string): Promise<void> {
  await api.DELETE('/api/v1/me/passkeys/{id}', { params: { path: { id } } });
}
