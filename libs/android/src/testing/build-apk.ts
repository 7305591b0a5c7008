import { writeZip } from '@rootcellar/zip/testing';
import type { ZipSource } from '@rootcellar/zip/testing';
import { pkcs7Of } from './test-certificate.js';
import type { TestCertificate } from './test-certificate.js';
import { writeBinaryXml } from './write-binary-xml.js';
import type { XmlAttributeSource, XmlElementSource } from './write-binary-xml.js';

export interface ApkSpec {
  readonly packageName?: string;
  readonly versionName?: string;
  readonly versionCode?: number;
  readonly versionCodeMajor?: number;
  readonly minSdk?: number;
  readonly label?: XmlAttributeSource['value'];
  readonly split?: string;
  readonly permissions?: readonly string[];
  readonly abis?: readonly string[];
  /** Further entries. */
  readonly extra?: readonly ZipSource[];
  /** The manifest's bytes instead of ours. */
  readonly manifest?: Uint8Array;
  /** META-INF/CERT.RSA by this one. */
  readonly v1?: TestCertificate;
  readonly v2?: readonly TestCertificate[];
  readonly v3?: {
    readonly signer: TestCertificate;
    readonly lineage?: readonly TestCertificate[];
  };
  /** The block of signatures instead of ours. */
  readonly block?: Buffer;
  readonly utf8?: boolean;
}

const V2 = 0x7109871a;
const V3 = 0xf05368c0;
const PROOF_OF_ROTATION = 0x3ba06f8c;
const MAGIC = Buffer.from('APK Sig Block 42', 'latin1');

/** A package for Android, of which no signature holds. */
export function buildApk(spec: ApkSpec = {}): Buffer {
  const manifest = spec.manifest ?? writeBinaryXml(manifestOf(spec), { utf8: spec.utf8 === true });
  const zip = writeZip([
    { name: 'AndroidManifest.xml', content: manifest },
    { name: 'classes.dex', content: 'code' },
    ...(spec.abis ?? []).map((abi) => ({ name: `lib/${abi}/libx.so`, content: 'code' })),
    ...(spec.v1 === undefined
      ? []
      : [{ name: 'META-INF/CERT.RSA', content: pkcs7Of([spec.v1], spec.v1) }]),
    ...(spec.extra ?? []),
  ]);
  const pairs = pairsOf(spec);
  const block = spec.block ?? (pairs.length === 0 ? undefined : signingBlock(pairs));
  return block === undefined ? zip : insertBlock(zip, block);
}

export function signingBlock(pairs: readonly Buffer[]): Buffer {
  const body = Buffer.concat(pairs);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(body.length + 24));
  return Buffer.concat([size, body, size, MAGIC]);
}

/** Before the central directory, whose place the end then tells anew. */
export function insertBlock(zip: Buffer, block: Buffer): Buffer {
  const end = zip.length - 22;
  const directory = zip.readUInt32LE(end + 16);
  const tail = Buffer.from(zip.subarray(end));
  tail.writeUInt32LE(directory + block.length, 16);
  return Buffer.concat([zip.subarray(0, directory), block, zip.subarray(directory, end), tail]);
}

function manifestOf(spec: ApkSpec): XmlElementSource {
  const { packageName = 'com.example.app', versionCode = 1, versionName, split, label } = spec;
  return {
    name: 'manifest',
    attributes: [
      { name: 'package', value: packageName },
      { name: 'versionCode', id: 0x0101021b, value: versionCode },
      ...optional('versionCodeMajor', 0x01010576, spec.versionCodeMajor),
      ...optional('versionName', 0x0101021c, versionName),
      ...(split === undefined ? [] : [{ name: 'split', value: split }]),
    ],
    children: [
      { name: 'uses-sdk', attributes: optional('minSdkVersion', 0x0101020c, spec.minSdk) },
      ...(spec.permissions ?? []).map((name) => ({
        name: 'uses-permission',
        attributes: optional('name', 0x01010003, name),
      })),
      { name: 'application', attributes: optional('label', 0x01010001, label) },
    ],
  };
}

function optional(
  name: string,
  id: number,
  value: XmlAttributeSource['value'] | undefined,
): XmlAttributeSource[] {
  return value === undefined ? [] : [{ name, id, value }];
}

function pairsOf({ v2, v3 }: ApkSpec): Buffer[] {
  const pairs: Buffer[] = [];
  if (v2 !== undefined) pairs.push(pair(V2, prefixed(...v2.map((one) => signerOf(one)))));
  if (v3 !== undefined) {
    const range = Buffer.alloc(8);
    pairs.push(pair(V3, prefixed(signerOf(v3.signer, range, attributesOf(v3.lineage)))));
  }
  return pairs;
}

function attributesOf(lineage: readonly TestCertificate[] = []): Buffer {
  if (lineage.length === 0) return prefixed();
  const head = Buffer.alloc(8);
  head.writeUInt32LE(PROOF_OF_ROTATION);
  head.writeUInt32LE(1, 4);
  const levels = lineage.map(({ der }) =>
    prefixed(prefixed(prefixed(der), Buffer.alloc(4)), Buffer.alloc(8), prefixed()),
  );
  return prefixed(prefixed(head, ...levels));
}

function signerOf({ der }: TestCertificate, ...more: readonly Buffer[]): Buffer {
  return prefixed(prefixed(prefixed(), prefixed(prefixed(der)), ...more), prefixed());
}

function pair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(value.length + 4));
  head.writeUInt32LE(id, 8);
  return Buffer.concat([head, value]);
}

function prefixed(...content: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(4);
  const body = Buffer.concat(content);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}
