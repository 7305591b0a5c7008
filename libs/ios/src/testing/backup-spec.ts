import type { PlistSource, PlistSourceDict } from './plist-source.js';
import type { StoreMetadataSpec } from './store-metadata.js';

/** One row of Manifest.db and, for files, its payload. */
export interface BackupFileSpec {
  readonly domain: string;
  /** Relative to the domain; written as it is, also when it climbs out of it. */
  readonly path: string;
  readonly type?: 'file' | 'folder' | 'link';
  readonly content?: string | Uint8Array;
  /** Where a link leads. */
  readonly target?: string;
  /** Digest in the row: of the payload, of something else, or none (as outside of system domains). */
  readonly digest?: 'right' | 'wrong' | 'none';
  /** The row is there, the payload is not. */
  readonly missing?: boolean;
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  readonly protectionClass?: number;
  /** Other `flags` than the type's. */
  readonly flags?: number;
  /** Another name than SHA-1 gives. */
  readonly fileId?: string;
  /** Another blob than the file's. */
  readonly blob?: Uint8Array | null;
}

export interface BackupAppSpec extends StoreMetadataSpec {
  readonly bundleId: string;
  /** Only listed as installed: no description, no rights. */
  readonly sideLoaded?: boolean;
  readonly offloaded?: boolean;
}

/** How Manifest.db is broken: cut in the middle, another file altogether, one of iOS 9 beside no Manifest.db, … */
export type ManifestDamage = 'missing' | 'empty' | 'truncated' | 'garbage' | 'mbdb-era';

export interface BackupSpec {
  readonly udid?: string;
  /** The folder's name, the UDID unless given. */
  readonly folderName?: string;
  readonly deviceName?: string;
  readonly productType?: string;
  readonly productVersion?: string;
  readonly buildVersion?: string;
  /** A date, or whatever a careless tool writes instead. */
  readonly takenAt?: PlistSource;
  /** Encrypted as iOS does it, with keys nobody has: bytes of the right form that open with no password. */
  readonly encrypted?: boolean;
  /** `null` leaves it out. */
  readonly snapshotState?: string | null;
  readonly isFullBackup?: boolean;
  readonly files?: readonly BackupFileSpec[];
  readonly apps?: readonly BackupAppSpec[];
  /** Further keys of the property lists; `undefined` takes one away. */
  readonly info?: PlistSourceDict;
  readonly manifest?: PlistSourceDict;
  readonly status?: PlistSourceDict;
  /** The bytes of a whole list instead of ours; `null` for no such file. */
  readonly infoPlist?: Uint8Array | null;
  readonly manifestPlist?: Uint8Array | null;
  readonly statusPlist?: Uint8Array | null;
  readonly manifestDamage?: ManifestDamage;
  /** SQL that makes other tables in Manifest.db than iOS does. */
  readonly manifestSchema?: string;
  /** All 256 folders `00` … `ff`, as devices make them, or those with payloads; all unless given. */
  readonly folders?: 'all' | 'needed';
}

/** A small backup with one of each: folders, files with and without Digest, an empty file, a link. */
export const EXAMPLE_FILES: readonly BackupFileSpec[] = [
  { domain: 'HomeDomain', path: '', type: 'folder' },
  { domain: 'HomeDomain', path: 'Library', type: 'folder' },
  { domain: 'HomeDomain', path: 'Library/SMS', type: 'folder' },
  { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'messages', digest: 'right' },
  { domain: 'HomeDomain', path: 'Library/Notes/empty', content: '', digest: 'right' },
  { domain: 'AppDomain-com.example.app', path: '', type: 'folder' },
  { domain: 'AppDomain-com.example.app', path: 'Documents/note.txt', content: 'a note' },
  { domain: 'AppDomain-com.example.app', path: 'Documents/naïve 📱.txt', content: 'another' },
  {
    domain: 'AppDomain-com.example.app',
    path: 'Library/Link',
    type: 'link',
    target: '/var/mobile/Library/Example',
  },
];
