import { PlistUid } from '../plist/plist-value.js';
import type { MbFile } from '../manifest/parse-manifest-blob.js';
import type { PlistSource } from './plist-source.js';
import { writeBinaryPlist } from './write-binary-plist.js';

export interface ManifestBlobSpec extends MbFile {
  readonly relativePath?: string;
  /** Put before the root object, so that it is not object 1. */
  readonly leadingObjects?: readonly PlistSource[];
  readonly extendedAttributes?: Uint8Array;
}

/** An `MBFile` archived by NSKeyedArchiver, as in the `file` column of Manifest.db. */
export function writeManifestBlob(spec: ManifestBlobSpec): Buffer {
  const archive = new Archive(spec.leadingObjects ?? []);
  const file = { ...DEFAULTS, ...spec };
  const root = archive.add({
    LastModified: file.lastModified,
    Flags: 0,
    GroupID: file.groupId,
    $class: archive.addClass('MBFile'),
    LastStatusChange: file.lastStatusChange,
    RelativePath: archive.add(file.relativePath),
    Birth: file.birth,
    Size: file.size,
    Mode: file.mode,
    UserID: file.userId,
    InodeNumber: file.inode,
    ProtectionClass: file.protectionClass,
    Digest: archive.add(file.digest),
    Target: archive.add(file.target),
    ExtendedAttributes: archive.add(file.extendedAttributes),
    EncryptionKey: archive.addData(file.encryptionKey),
  });
  return writeBinaryPlist({
    $version: 100_000,
    $archiver: 'NSKeyedArchiver',
    $top: { root },
    $objects: archive.objects,
  });
}

const DEFAULTS = {
  relativePath: '',
  size: 0,
  mode: 0o100644,
  lastModified: 1_700_000_000,
  lastStatusChange: 1_700_000_000,
  birth: 1_600_000_000,
  inode: 1000,
  userId: 501,
  groupId: 501,
  protectionClass: 3,
};

/** The objects of an NSKeyedArchiver archive; what is not there gets no UID. */
class Archive {
  readonly objects: PlistSource[];

  constructor(leading: readonly PlistSource[]) {
    this.objects = ['$null', ...leading];
  }

  add(value: PlistSource | undefined): PlistUid | undefined {
    return value === undefined ? undefined : new PlistUid(this.objects.push(value) - 1);
  }

  addClass(name: string, ...parents: readonly string[]): PlistUid | undefined {
    return this.add({ $classname: name, $classes: [name, ...parents, 'NSObject'] });
  }

  addData(bytes: Uint8Array | undefined): PlistUid | undefined {
    if (bytes === undefined) return undefined;
    return this.add({ 'NS.data': bytes, $class: this.addClass('NSMutableData', 'NSData') });
  }
}
