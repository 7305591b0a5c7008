import { DER, derChildren, derElement } from './der.js';
import type { DerElement } from './der.js';

/**
 * Who signed a PKCS#7 SignedData (RFC 2315), as META-INF/*.RSA has it: the certificates its signers name, in DER. The others are of
 * those who issued them. Empty when it is none.
 */
export function signersOfPkcs7(bytes: Buffer): Buffer[] {
  const [, content] = derChildren(derElement(bytes), DER.sequence);
  const [signedData] = derChildren(content, DER.context0);
  const parts = derChildren(signedData, DER.sequence);
  const certificates = derChildren(
    parts.find(({ tag }) => tag === DER.context0),
    DER.context0,
  );
  const signers = derChildren(parts.at(-1), DER.set).map(nameOfSigner);
  const named = certificates.filter((certificate) => {
    const name = nameOfCertificate(certificate);
    return name !== undefined && signers.some((signer) => signer?.equals(name) === true);
  });
  return named.map(({ whole }) => whole);
}

/** SignerInfo: version, then issuer and serial number. */
function nameOfSigner(signer: DerElement): Buffer | undefined {
  const [, issuerAndSerial] = derChildren(signer, DER.sequence);
  return issuerAndSerial?.content;
}

/** TBSCertificate: perhaps a version, serial number, algorithm, issuer. As a signer names it: issuer, then serial number. */
function nameOfCertificate(certificate: DerElement): Buffer | undefined {
  const [tbs] = derChildren(certificate, DER.sequence);
  const parts = derChildren(tbs, DER.sequence);
  const [serial, , issuer] = parts[0]?.tag === DER.context0 ? parts.slice(1) : parts;
  if (serial === undefined || issuer === undefined) return undefined;
  return Buffer.concat([issuer.whole, serial.whole]);
}
