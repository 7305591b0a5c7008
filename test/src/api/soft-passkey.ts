import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What WebAuthn's flags say: https://www.w3.org/TR/webauthn-3/#authdata-flags */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

export interface Ceremony {
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  /** Without it the key does not say that it verified its user. */
  readonly verified?: boolean;
}

/** An authenticator as far as the service sees one: ES256, no attestation. */
export interface SoftPasskey {
  readonly id: string;
  counter: number;
  /** RegistrationResponseJSON */
  register(ceremony: Ceremony): Record<string, unknown>;
  /** AuthenticationResponseJSON */
  assert(ceremony: Ceremony): Record<string, unknown>;
}

export function softPasskey(): SoftPasskey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const handle = randomBytes(16);
  const id = handle.toString('base64url');
  const cose = cborMap([
    [cborInt(1), cborInt(2)],
    [cborInt(3), cborInt(-7)],
    [cborInt(-1), cborInt(1)],
    [cborInt(-2), cborBytes(Buffer.from(x, 'base64url'))],
    [cborInt(-3), cborBytes(Buffer.from(y, 'base64url'))],
  ]);
  const whole = (response: Record<string, unknown>): Record<string, unknown> => ({
    ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
    response,
  });
  const key: SoftPasskey = {
    id,
    counter: 1,
    register(ceremony) {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, handle.length), handle, cose]);
      const data = Buffer.concat([authenticatorData(ceremony, key.counter, ATTESTED), attested]);
      const attestation = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(data)],
      ]);
      return whole({
        clientDataJSON: clientData('webauthn.create', ceremony).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal', 'made-up'],
      });
    },
    assert(ceremony) {
      const data = authenticatorData(ceremony, key.counter, 0);
      const client = clientData('webauthn.get', ceremony);
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      return whole({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      });
    },
  };
  return key;
}

function authenticatorData(
  { rpId, verified = true }: Ceremony,
  counter: number,
  flags: number,
): Buffer {
  const rest = Buffer.alloc(5);
  rest.writeUInt8(USER_PRESENT | (verified ? USER_VERIFIED : 0) | flags);
  rest.writeUInt32BE(counter, 1);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), rest]);
}

function clientData(type: string, { challenge, origin }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

/** RFC 8949, as little of it as WebAuthn needs. */
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.of((major << 5) | value);
  if (value < 256) return Buffer.of((major << 5) | 24, value);
  return Buffer.of((major << 5) | 25, value >> 8, value & 0xff);
}

function cborInt(value: number): Buffer {
  return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
}

function cborMap(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}
