import type { PasskeyCeremonies, PasskeyKey } from '@rootcellar/archive';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';

/** Of WebAuthn: what a passkey may be reached by. Others are not passed on. */
const TRANSPORTS = new Set(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);
/** ES256, RS256, EdDSA. */
const ALGORITHMS = [-8, -7, -257];

/** WebAuthn by @simplewebauthn/server: discoverable keys, the user verified each time. */
export const webauthnCeremonies: PasskeyCeremonies = {
  async creationOptions({ party, challenge, user, exclude }) {
    const options = await generateRegistrationOptions({
      rpName: 'Rootcellar',
      rpID: party.id,
      userID: Uint8Array.from(user.id),
      userName: user.email,
      userDisplayName: user.name,
      challenge: Buffer.from(challenge, 'base64url'),
      attestationType: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: exclude.map(descriptorOf),
      supportedAlgorithmIDs: ALGORITHMS,
      timeout: TIMEOUT_MS,
    });
    return { ...options };
  },

  async requestOptions({ party, challenge, allow }) {
    const options = await generateAuthenticationOptions({
      rpID: party.id,
      challenge: Buffer.from(challenge, 'base64url'),
      userVerification: 'required',
      timeout: TIMEOUT_MS,
      ...(allow === undefined ? {} : { allowCredentials: allow.map(descriptorOf) }),
    });
    return { ...options };
  },

  async verifyCreation({ party, challenge, response }) {
    const verified = await orUndefined(async () =>
      verifyRegistrationResponse({
        response: response as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (verified?.verified !== true) return undefined;
    const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
    const reached = transports.filter((each) => TRANSPORTS.has(each));
    return { handle: Buffer.from(id, 'base64url'), publicKey, counter, transports: reached };
  },

  async verifyRequest({ party, challenge, response, passkey }) {
    const verified = await orUndefined(async () =>
      verifyAuthenticationResponse({
        response: response as unknown as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
        credential: {
          id: Buffer.from(passkey.handle).toString('base64url'),
          publicKey: Uint8Array.from(passkey.publicKey),
          counter: passkey.counter,
        },
      }),
    );
    return verified?.verified === true ? verified.authenticationInfo.newCounter : undefined;
  },
};

const TIMEOUT_MS = 300_000;

function descriptorOf({ handle, transports }: PasskeyKey): { id: string; transports: string[] } {
  return { id: Buffer.from(handle).toString('base64url'), transports: [...transports] };
}

/** The library throws plain errors for whatever is wrong with an answer; all of it comes from outside. */
async function orUndefined<T>(verify: () => Promise<T>): Promise<T | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}
