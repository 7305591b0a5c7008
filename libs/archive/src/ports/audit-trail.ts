import type { SignInNote } from './sign-in-catalog.js';
import type { CredentialId, HouseholdId, Id, MemberId } from '@rootcellar/model';

/** From where something was asked for. */
export interface Origin {
  /** IP address of who asked, as the service saw it. */
  readonly address?: string | undefined;
  /** What program asked, shortened. */
  readonly agent?: string | undefined;
  /** The sign-in it was asked with; its name is written down. */
  readonly credentialId?: CredentialId | undefined;
}

/** A member who does something, and from where. */
export interface Doer {
  readonly memberId: MemberId;
  readonly from?: Origin | undefined;
}

/** What is done to what is kept, and with it. */
type ThingAction =
  | 'forgotten'
  | 'undone'
  | 'removed'
  | 'pinned'
  | 'unpinned'
  | 'restored'
  | 'downloaded'
  | 'shared'
  | 'share-revoked'
  | 'share-refused'
  | 'made-private'
  | 'made-household-wide'
  | 'device-assigned'
  | 'device-renamed'
  | 'device-retired'
  | 'device-reactivated'
  | 'device-continued'
  | 'device-pushers-set'
  | 'rollback-planned'
  | 'rollback-step-started'
  | 'rollback-step-done'
  | 'rollback-step-failed'
  | 'hold-set'
  | 'hold-released'
  | 'alert-dismissed'
  | 'policy-set'
  | 'collected'
  | 'bin-emptied'
  | 'quota-set'
  | 'quota-reached'
  | 'sharing-set'
  | 'app-linked'
  | 'app-unlinked'
  | 'trail-exported';

/** Who comes, goes and may what. */
type PersonAction =
  | 'household-created'
  | 'invited'
  | 'invitation-revoked'
  | 'joined'
  | 'renamed'
  | 'role-changed'
  | 'hand-over-asked'
  | 'handed-over'
  | 'member-leaving'
  | 'member-removed'
  | 'token-created'
  | 'token-revoked'
  | 'device-approved';

/** What is told of something that was done. */
export interface AuditLine {
  readonly action: ThingAction | PersonAction | SignInNote['action'];
  readonly kind:
    | 'snapshot'
    | 'artifact'
    | 'app'
    | 'household'
    | 'account'
    | 'device'
    | 'member'
    | 'invitation'
    | 'token'
    | 'sign-in';
  readonly id?: Id | undefined;
  /** For people; of a snapshot or package what it is called, without being said. Of a snapshot the device's name comes first, then a comma; others than whose it is are told no more than that. */
  readonly subject?: string | undefined;
  /** Of a snapshot, the part it is about: a domain. */
  readonly part?: string | undefined;
  readonly bytes?: number | undefined;
  readonly memberId?: MemberId | undefined;
  /** Whom it concerns: they see the line, whoever did it. */
  readonly concernsId?: MemberId | undefined;
  readonly rule?: string | undefined;
  /** Nobody but who did it and whom it concerns hears of it, administrators neither. So is everything about a package that is private then. */
  readonly private?: boolean | undefined;
  readonly from?: Origin | undefined;
}

/** The last line of a household's trail: kept elsewhere, it shows later whether anything before it was changed. */
export interface AuditHead {
  readonly seq: number;
  /** SHA-256 in 64 hex digits. */
  readonly hash: string;
}

export interface AuditVerification {
  readonly lines: number;
  readonly head: AuditHead;
  /** The first line that is not as it was written; undefined when all are. */
  readonly broken: { readonly seq: number; readonly why: string } | undefined;
}

/** The record of who did what (docs/adr/0033). Lines are only ever added. */
export interface AuditTrail {
  /** For what changes nothing itself; what changes something writes its line in the same transaction. */
  note(householdId: HouseholdId, lines: readonly AuditLine[]): Promise<void>;
  /** Unless the same member did the same with the same sign-in in the last hours. */
  noteOnce(householdId: HouseholdId, line: AuditLine, hours: number): Promise<void>;
  /**
   * Reckons the chain anew.
   * @param kept a head that was kept elsewhere: it must be a line of the trail
   * @param fromSeq only the lines from this one on
   */
  verify(
    householdId: HouseholdId,
    options: { readonly kept?: AuditHead | undefined; readonly fromSeq?: number },
  ): Promise<AuditVerification>;
  head(householdId: HouseholdId): Promise<AuditHead>;
}
