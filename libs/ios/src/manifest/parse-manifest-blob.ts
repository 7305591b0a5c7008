import { PATH_MAX_BYTES } from '@rootcellar/model';
import { BinaryObjects, Kind } from '../plist/binary-objects.js';
import { integerOf, stringOf } from '../plist/binary-scalars.js';
import { plistInvalid } from '../plist/plist-errors.js';

/** What Manifest.db says about one file: the `MBFile` in its `file` column. A field that lies about its type is absent. */
export interface MbFile {
  /** Bytes of the plain file; the payload of an encrypted backup is padded to more. */
  readonly size?: number;
  /** With the type of file: 0o100644. */
  readonly mode?: number;
  /** Seconds since 1970, as are the next two. */
  readonly lastModified?: number;
  readonly lastStatusChange?: number;
  readonly birth?: number;
  readonly inode?: number;
  readonly userId?: number;
  readonly groupId?: number;
  /** Data protection: 1 … 4 for files, 0 for folders. */
  readonly protectionClass?: number;
  /** SHA-1 of the payload as it lies in the backup (so of the encrypted bytes): 20 bytes, on files of system domains. */
  readonly digest?: Uint8Array;
  /** Where a symbolic link leads. */
  readonly target?: string;
  /** Class (u32, little-endian) and wrapped key (40 bytes), in encrypted backups. */
  readonly encryptionKey?: Uint8Array;
}

/** While it is read. */
type MbFileDraft = { -readonly [Field in keyof MbFile]: MbFile[Field] };

/** The fields we read, with the name each has in the archive. */
const FIELDS: readonly (readonly [name: string, field: keyof MbFile])[] = [
  ['Size', 'size'],
  ['Mode', 'mode'],
  ['LastModified', 'lastModified'],
  ['LastStatusChange', 'lastStatusChange'],
  ['Birth', 'birth'],
  ['InodeNumber', 'inode'],
  ['UserID', 'userId'],
  ['GroupID', 'groupId'],
  ['ProtectionClass', 'protectionClass'],
  ['Digest', 'digest'],
  ['Target', 'target'],
  ['EncryptionKey', 'encryptionKey'],
];

/** By length of the name: at most three are then left to compare. */
const FIELDS_BY_LENGTH = Map.groupBy(FIELDS, ([name]) => name.length);

const DIGEST_BYTES = 20;
/** No archive needs as many fields; real ones have 13 to 16. */
const MAX_FIELDS = 256;

/**
 * Reads an `MBFile` out of its NSKeyedArchiver archive, decoding only the objects it needs: a run reads 900,000.
 * Data are views of `blob`.
 *
 * Source of the format: iphone_backup_decrypt and iTunes-Backup-Explorer; ios-facts §3.3.
 *
 * @throws ArchiveError PLIST_INVALID when the blob is no such archive
 */
export function parseManifestBlob(blob: Uint8Array): MbFile {
  const archive = openArchive(new BinaryObjects(blob));
  const { objects } = archive;
  if (!objects.is(Kind.dict) || objects.size > MAX_FIELDS)
    throw plistInvalid('its root is no object');
  const { size: fields, start } = objects;
  const file: MbFileDraft = {};
  for (let field = 0; field < fields; field += 1) {
    objects.seek(objects.ref(field, start));
    const known = fieldSought(objects);
    if (known !== undefined) readField(archive, file, known, objects.ref(fields + field, start));
  }
  return file;
}

/** An NSKeyedArchiver archive with the cursor on its root object. */
interface KeyedArchive {
  readonly objects: BinaryObjects;
  /** `$objects`: where its references begin and how many there are. */
  readonly start: number;
  readonly size: number;
}

function openArchive(objects: BinaryObjects): KeyedArchive {
  const array = entryOf(objects, objects.top, '$objects');
  objects.seek(array);
  if (!objects.is(Kind.array)) throw plistInvalid('it is no archive');
  const archive = { objects, start: objects.start, size: objects.size };
  const root = entryOf(objects, entryOf(objects, objects.top, '$top'), 'root');
  objects.seek(root);
  if (!objects.is(Kind.uid)) throw plistInvalid('its root is no object');
  follow(archive);
  return archive;
}

function entryOf(objects: BinaryObjects, dict: number, key: string): number {
  objects.seek(dict);
  const found = objects.is(Kind.dict) && objects.size <= MAX_FIELDS ? objects.find(key) : -1;
  if (found < 0) throw plistInvalid('it is no archive');
  return found;
}

/** From the UID sought to the object it means. */
function follow({ objects, start, size }: KeyedArchive): void {
  const uid = objects.size > 4 ? size : objects.bytes.readUIntBE(objects.start, objects.size);
  if (uid >= size) throw plistInvalid('a UID leads to no object');
  objects.seek(objects.ref(uid, start));
}

function fieldSought(objects: BinaryObjects): keyof MbFile | undefined {
  return FIELDS_BY_LENGTH.get(objects.size)?.find(([name]) => objects.isAscii(name))?.[1];
}

function readField(
  archive: KeyedArchive,
  file: MbFileDraft,
  field: keyof MbFile,
  value: number,
): void {
  const { objects } = archive;
  objects.seek(value);
  if (objects.is(Kind.uid)) follow(archive);
  if (field === 'target') {
    if (isText(objects) && objects.size <= PATH_MAX_BYTES) file.target = stringOf(objects);
  } else if (field === 'digest' || field === 'encryptionKey') {
    const data = dataOf(objects);
    if (data !== undefined && (field !== 'digest' || data.length === DIGEST_BYTES))
      file[field] = data;
  } else {
    const number = objects.is(Kind.integer) ? integerOf(objects) : undefined;
    if (typeof number === 'number') file[field] = number;
  }
}

function isText(objects: BinaryObjects): boolean {
  return objects.is(Kind.ascii) || objects.is(Kind.utf16);
}

/** Plain data, or the `NS.data` of an NSData object. */
function dataOf(objects: BinaryObjects): Uint8Array | undefined {
  if (objects.is(Kind.dict) && objects.size <= MAX_FIELDS) {
    const data = objects.find('NS.data');
    if (data < 0) return undefined;
    objects.seek(data);
  }
  if (!objects.is(Kind.data)) return undefined;
  return objects.bytes.subarray(objects.start, objects.start + objects.size);
}
