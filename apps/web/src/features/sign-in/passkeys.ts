import {
  WebAuthnError,
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
} from '@simplewebauthn/browser';
import type { AuthenticationResponseJSON } from '@simplewebauthn/browser';
import { answerPasskey, askForPasskey } from './queries.js';

/** Somebody closed the browser's dialog, or let it run out: nothing to complain of. */
export class PasskeyDeclined extends Error {
  override readonly name = 'PasskeyDeclined';
}

export function passkeysWorkHere(): boolean {
  return browserSupportsWebAuthn();
}

/** Asks for a passkey at once. @throws PasskeyDeclined, ApiError */
export async function signInWithPasskey(challenge?: string): Promise<void> {
  const { passkeyChallenge, optionsJSON } = await askForPasskey(challenge);
  const response = await asked(async () => startAuthentication({ optionsJSON }));
  await answerPasskey(passkeyChallenge, response);
}

/**
 * Lets the browser offer passkeys where the e-mail address is typed, until another question of passkeys takes its place.
 * @returns whether somebody chose one
 */
export async function offerPasskeys(): Promise<boolean> {
  if (!(await browserSupportsWebAuthnAutofill())) return false;
  const { passkeyChallenge, optionsJSON } = await askForPasskey();
  const response = await startAuthentication({
    optionsJSON,
    useBrowserAutofill: true,
  }).catch(() => undefined);
  if (response === undefined) return false;
  await answerPasskey(passkeyChallenge, response);
  return true;
}

async function asked(
  question: () => Promise<AuthenticationResponseJSON>,
): Promise<AuthenticationResponseJSON> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof WebAuthnError || error instanceof DOMException)
      throw new PasskeyDeclined('No passkey was given.', { cause: error });
    throw error;
  }
}
