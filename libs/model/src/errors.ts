import { AGENT_ERRORS } from './agent-errors.js';
import type { ErrorKind } from './archive-error.js';
import { DEVICE_ERRORS } from './device-errors.js';
import { ROLLBACK_ERRORS } from './rollback-errors.js';

/**
 * Every code, its kind and what it means. Codes are public API: add freely, never rename, never reuse.
 * `docs/errors.md` is generated from this table.
 */
export const ERRORS = {
  // The request or the command line
  INPUT_INVALID: ['invalid', 'A value does not have the form it must have. Nothing was changed.'],
  NOT_SIGNED_IN: ['unauthenticated', 'The request carries no valid sign-in.'],
  SIGN_IN_FAILED: ['unauthenticated', 'E-mail address and password do not belong together.'],
  SIGN_IN_EXPIRED: [
    'unauthenticated',
    'The step of the sign-in came too late, or was done before. Begin the sign-in again.',
  ],
  RATE_LIMITED: [
    'too-many',
    'Too many attempts, or too much at a time. Nothing was done; `details.retryAfterSeconds` says when to try again.',
  ],
  PASSWORD_WEAK: ['invalid', 'The password is easily guessed. Nothing was changed.'],
  PASSWORD_WRONG: ['forbidden', 'The current password is not the one given. Nothing was changed.'],
  SECOND_FACTOR_WRONG: [
    'forbidden',
    'The code is wrong, too old or was used before, or the passkey is not one of this account.',
  ],
  SECOND_FACTOR_EXISTS: ['conflict', 'An authenticator app is set up already. Remove it first.'],
  SECOND_FACTOR_MISSING: ['conflict', 'There is no authenticator app to confirm, or none in use.'],
  PASSKEY_REFUSED: [
    'forbidden',
    'The passkey is unknown here, or its answer does not prove what it must.',
  ],
  PASSKEY_NEEDS_NAME: [
    'conflict',
    'Passkeys are bound to a name and need https or localhost; the service was opened by an IP address or without TLS.',
  ],
  PROVIDER_FAILED: [
    'unavailable',
    'The sign-in provider did not answer, or its answer does not prove what it must.',
  ],
  PROVIDER_NOT_LINKED: [
    'forbidden',
    'The identity at the provider is connected with no account here.',
  ],
  CROSS_ORIGIN: [
    'forbidden',
    'A page of another site asked for a change with the sign-in of the browser. Nothing was done.',
  ],
  FORBIDDEN: ['forbidden', 'The signed-in member may not do this.'],
  SCOPE_TOO_NARROW: [
    'forbidden',
    'The sign-in is for less than what was asked for, whatever its member may do.',
  ],
  NOT_FOUND: ['not-found', 'There is no such thing, or it is not yours.'],
  SETUP_DONE: [
    'conflict',
    'The first administrator exists already; the set-up token is useless now.',
  ],
  SETUP_TOKEN_WRONG: [
    'forbidden',
    'The set-up token is not the one this service wrote at its first start.',
  ],
  // People
  ACCOUNT_EXISTS: [
    'conflict',
    'Somebody signs in with this e-mail address already. Nothing was changed.',
  ],
  MEMBER_ALREADY: ['conflict', 'The account belongs to this household already.'],
  MEMBER_LEAVING: [
    'forbidden',
    'The membership has ended and may only read until its last day. Nothing was changed.',
  ],
  LAST_ADMINISTRATOR: [
    'conflict',
    'A household is never left without an administrator. Nothing was changed.',
  ],
  AUTHORIZATION_PENDING: [
    'conflict',
    'Nobody has decided about this sign-in yet. Ask again after the interval.',
  ],
  SLOW_DOWN: [
    'conflict',
    'This was asked too soon after the last time. The interval is five seconds longer from now on.',
  ],
  DEVICE_CODE_EXPIRED: [
    'conflict',
    'The code is unknown, was used, or its time is over. Ask for a new one.',
  ],
  DEVICE_CODE_DENIED: ['forbidden', 'Somebody refused this sign-in.'],
  TOO_LARGE: ['invalid', 'The input is larger than this service accepts.'],
  INTERRUPTED: ['interrupted', 'The user stopped the command. What was acknowledged is kept.'],
  INTERNAL: ['failed', 'A fault in Rootcellar. What was stored before is not touched.'],

  // Reaching the service
  SERVER_UNREACHABLE: [
    'unavailable',
    'The service did not answer for too long. Run the command again.',
  ],
  SERVER_BUSY: ['unavailable', 'The service cannot take more work now. Run the command again.'],
  PROTOCOL_BROKEN: [
    'corrupt',
    'A message does not follow the protocol or was cut off. It was ignored whole.',
  ],

  // The object store
  OBJECT_NOT_FOUND: ['not-found', 'The object store has no object of this key.'],
  OBJECT_EXISTS: ['conflict', 'An object of this key exists; object keys are never reused.'],
  OBJECT_RANGE_INVALID: ['corrupt', 'The object is shorter than the bytes asked for.'],
  OBJECT_STORE_UNAVAILABLE: ['unavailable', 'The object store failed; trying again may help.'],
  OBJECT_STORE_REFUSED: [
    'failed',
    'The object store answers, but does not let this service work. The operator has to look at its settings or rights.',
  ],
  OBJECT_LOCKED: [
    'conflict',
    'The bucket keeps the object under a lock (object lock, legal hold). It was not deleted.',
  ],
  STORAGE_FULL: [
    'full',
    'The disk or bucket has no room. What was acknowledged before stays readable.',
  ],
  QUOTA_EXCEEDED: [
    'full',
    'The quota of the member or of the household has no room for it. Nothing is removed for that; what is kept stays.',
  ],

  // The vault
  CHUNK_DIGEST_MISMATCH: [
    'corrupt',
    'Bytes do not match the SHA-256 they are named by. They were not stored.',
  ],
  CHUNK_DAMAGED: ['corrupt', 'A stored chunk cannot be decrypted or does not match its name.'],
  CHUNK_UNKNOWN: [
    'conflict',
    'A commit names chunks the vault does not hold. Send them and commit again.',
  ],
  PACK_DAMAGED: [
    'corrupt',
    'A pack does not have the form docs/format.md describes, or its SHA-256 differs.',
  ],
  TREE_DAMAGED: ['corrupt', 'A tree node does not have the form docs/format.md describes.'],
  CHUNK_SET_DAMAGED: [
    'corrupt',
    'A chunk set in the database does not have the form docs/format.md describes.',
  ],
  FORMAT_UNKNOWN: ['corrupt', 'The bytes have a format version this release does not know.'],
  MASTER_KEY_WRONG: [
    'forbidden',
    'The master key does not open this household. Nothing was changed.',
  ],

  // Retention and the bin
  RETENTION_NO_POLICY: [
    'conflict',
    'The household has no retention policy: everything is kept, and there is nothing to plan.',
  ],
  PLAN_OUTDATED: [
    'conflict',
    'The plan was applied before, or the policy changed since it was made. Nothing was removed.',
  ],
  CONFIRMATION_NEEDED: [
    'conflict',
    'What was asked for removes so much that it needs a confirmation by name. Nothing was removed.',
  ],
  ROOT_PINNED: ['conflict', 'A pinned snapshot or package is never removed. Unpin it first.'],

  ...ROLLBACK_ERRORS,

  // Uploads
  UPLOAD_NOT_OPEN: [
    'conflict',
    'The upload is committed, expired or given up. Start again: what is stored is not sent twice.',
  ],
  UPLOAD_ENTRIES_INVALID: [
    'invalid',
    'The list of files does not follow the order or form of the protocol.',
  ],
  UPLOAD_OTHER_DEVICE: [
    'invalid',
    'The backup belongs to another device than the upload was opened for.',
  ],

  DEVICE_OF_ANOTHER: [
    'conflict',
    'The device is not the sender’s by now: the backup would be somebody else’s. Say whose with --owner. Nothing was sent.',
  ],
  PUSH_RUNNING: ['conflict', 'Another push of the same device is running on this computer.'],

  // Backup folders
  BACKUP_NOT_FOUND: ['not-found', 'There is no such folder, or it cannot be read.'],
  BACKUP_NOT_A_BACKUP: ['invalid', 'The folder is not an iPhone or iPad backup.'],
  BACKUP_TOO_OLD: [
    'invalid',
    'The backup is of the Manifest.mbdb era (iOS 9 or older), which is not supported.',
  ],
  BACKUP_NOT_FINISHED: [
    'invalid',
    'The backup was not finished: its SnapshotState is not "finished".',
  ],
  BACKUP_INCOMPLETE: ['corrupt', 'Files that Manifest.db lists are missing from the folder.'],
  BACKUP_DIGEST_MISMATCH: [
    'corrupt',
    "Files do not match the Digest that Apple's Manifest.db gives for them.",
  ],
  BACKUP_MANIFEST_DAMAGED: [
    'corrupt',
    'Manifest.db is empty, cut off or not a database of the known form.',
  ],
  BACKUP_PLIST_DAMAGED: [
    'corrupt',
    'Info.plist, Manifest.plist or Status.plist is missing, empty or broken.',
  ],
  BACKUP_PATH_UNSAFE: [
    'invalid',
    'The backup holds a symbolic link, a special file or a path that leads outside of it.',
  ],
  BACKUP_NO_DEVICE: [
    'invalid',
    'Neither the plists nor the folder name say which device the backup is of.',
  ],
  BACKUP_CHANGING: [
    'unavailable',
    'The backup changed while it was read. Nothing was recorded; push it again when it is finished.',
  ],
  BACKUP_ENCRYPTED: [
    'invalid',
    'The backup is encrypted: its list of files can only be read with its password.',
  ],
  PLIST_INVALID: ['corrupt', 'A property list is neither XML nor binary, or breaks off.'],
  PLIST_TOO_LARGE: ['corrupt', 'A property list is nested too deep or holds too many values.'],

  // App packages
  PACKAGE_NOT_ZIP: ['corrupt', 'The file is no zip archive, or is cut off.'],
  PACKAGE_ENTRIES_UNSAFE: [
    'invalid',
    'The zip holds an entry name that is doubled or leads outside of it.',
  ],
  PACKAGE_TOO_LARGE: [
    'invalid',
    'The zip holds more entries or larger property lists than a real app has.',
  ],
  PACKAGE_NO_APP: [
    'invalid',
    'There is no Payload/<name>.app/Info.plist and no AndroidManifest.xml in the zip.',
  ],
  PACKAGE_SEVERAL_APPS: [
    'invalid',
    'The zip holds several apps side by side, or packages for Android of different versions or signers.',
  ],
  PACKAGE_ENCRYPTED: ['invalid', 'The zip is protected with a password.'],
  PACKAGE_NO_VERSION: ['invalid', "The app's Info.plist names no bundle id or no version."],
  PACKAGE_MANIFEST_DAMAGED: [
    'corrupt',
    'The AndroidManifest.xml of a package for Android is broken.',
  ],
  PACKAGE_NOT_FOR_IOS: [
    'invalid',
    'What was asked is about devices with iOS; the app is one for Android.',
  ],
  PACKAGE_NOT_UNDERSTOOD: [
    'conflict',
    'What is inside of a kept package cannot be read as an app for iPhone or iPad. It is kept, and can be fetched back.',
  ],
  PACKAGE_UNREADABLE: ['not-found', 'The file does not exist or cannot be read.'],
  PACKAGE_CHANGING: ['unavailable', 'The file changed while it was read. Nothing was recorded.'],

  ...AGENT_ERRORS,
  ...DEVICE_ERRORS,

  // Retention
  RETENTION_POLICY_INVALID: [
    'invalid',
    'The retention policy is not usable; the message says where and why. The policy in force stays.',
  ],

  // Giving back
  RESTORE_TARGET_EXISTS: ['conflict', 'The target exists already. Nothing was written over.'],
  RESTORE_TARGET_FULL: [
    'full',
    'The disk restored to has no room. What is written so far is kept; run the command again.',
  ],
  RESTORE_TARGET_FAILED: ['failed', 'The target folder cannot be written.'],
  RESTORE_NOTHING: ['not-found', 'Nothing in the snapshot matches the domain and path.'],

  // Starting the service
  PORT_TAKEN: ['conflict', 'Another program listens on this port.'],
  DATA_IN_USE: ['conflict', 'Another Rootcellar runs on this data folder.'],
  DATA_UNUSABLE: ['failed', 'The data folder cannot be made, read, written or locked.'],
  CONFIG_INVALID: ['invalid', 'A setting in the environment does not have the form it must have.'],
  SCHEMA_OUTDATED: [
    'failed',
    'The database has the schema of an earlier release; the migration of this one has to run first.',
  ],
  DATABASE_FAILED: ['unavailable', 'PostgreSQL did not start or did not answer.'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export type ErrorCode = keyof typeof ERRORS;
