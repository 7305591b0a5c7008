import { generateKeyPairSync, hash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A self-signed certificate. */
export interface TestCertificate {
  readonly der: Buffer;
  /** SHA-256 of it, 64 hex digits. */
  readonly fingerprint: string;
  /** Issuer and serial number, as a signature names it. */
  readonly name: Buffer;
}

const OID = { ed25519: '06032b6570', commonName: '0603550403' } as const;

/** One element of DER. */
export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([Buffer.from([tag, 0x84]), length, body]);
}

export function testCertificate(commonName: string): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const algorithm = der(0x30, Buffer.from(OID.ed25519, 'hex'));
  const issuer = nameOf(commonName);
  const serial = der(0x02, Buffer.from([1 + (commonName.length % 100)]));
  const tbs = tbsOf({ publicKey, algorithm, issuer, serial });
  const signature = Buffer.concat([Buffer.from([0]), sign(null, tbs, privateKey)]);
  const bytes = der(0x30, tbs, algorithm, der(0x03, signature));
  return {
    der: bytes,
    fingerprint: hash('sha256', bytes),
    name: der(0x30, issuer, serial),
  };
}

function tbsOf(parts: {
  readonly publicKey: KeyObject;
  readonly algorithm: Buffer;
  readonly issuer: Buffer;
  readonly serial: Buffer;
}): Buffer {
  const { publicKey, algorithm, issuer, serial } = parts;
  const time = (text: string): Buffer => der(0x17, Buffer.from(text));
  return der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    ...[serial, algorithm, issuer, der(0x30, time('200101000000Z'), time('400101000000Z')), issuer],
    publicKey.export({ type: 'spki', format: 'der' }),
  );
}

function nameOf(commonName: string): Buffer {
  const attribute = der(
    0x30,
    Buffer.from(OID.commonName, 'hex'),
    der(0x0c, Buffer.from(commonName)),
  );
  return der(0x30, der(0x31, attribute));
}

/** META-INF/*.RSA: all certificates, signed by the one that is named. */
export function pkcs7Of(certificates: readonly TestCertificate[], signer: TestCertificate): Buffer {
  const version = der(0x02, Buffer.from([1]));
  const data = Buffer.from('06092a864886f70d010701', 'hex');
  const signedDataType = Buffer.from('06092a864886f70d010702', 'hex');
  const signedData = der(
    0x30,
    ...[version, der(0x31), der(0x30, data), der(0xa0, ...certificates.map((one) => one.der))],
    der(0x31, der(0x30, version, signer.name)),
  );
  return der(0x30, signedDataType, der(0xa0, signedData));
}
