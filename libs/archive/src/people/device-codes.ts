import { randomBytes } from 'node:crypto';
import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { AccountId, Clock, CredentialId, DeviceCodeId, HouseholdId } from '@rootcellar/model';
import type { Origin } from '../ports/audit-trail.js';
import type { DeviceCodeCatalog, DeviceCodeView } from '../ports/device-code-catalog.js';
import type { Membership, PeopleCatalog, Principal, Scope } from '../ports/people-catalog.js';
import { Misses } from './misses.js';
import { originOf } from './origin-of.js';
import { hashToken, newToken } from './secrets.js';
import type { SignedIn } from './set-up-household.js';
import { notLeaving, requireScope } from './sign-in.js';
import { newUserCode, readUserCode } from './user-code.js';

export interface DeviceCodesParts {
  readonly codes: DeviceCodeCatalog;
  readonly people: Pick<PeopleCatalog, 'memberships'>;
  readonly clock: Clock;
}

const EXPIRES_SECONDS = 600;
const INTERVAL_SECONDS = 5;
/** More at a time no household needs; who floods the service stops new ones, and nothing else. */
const OPEN_MAX = 500;

export interface AskedForApproval {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresIn: number;
  readonly interval: number;
}

/** Sign-ins that are approved by somebody who is signed in elsewhere (RFC 8628). */
export class DeviceCodes {
  readonly #parts: DeviceCodesParts;
  readonly #misses: Misses<AccountId>;

  constructor(parts: DeviceCodesParts) {
    this.#parts = parts;
    this.#misses = new Misses(parts.clock);
  }

  /** @throws ArchiveError SERVER_BUSY */
  async ask(request: {
    readonly clientName: string;
    readonly scope: Scope;
    readonly from: string;
  }): Promise<AskedForApproval> {
    const deviceCode = `rd_${randomBytes(32).toString('base64url')}`;
    const userCode = newUserCode();
    const created = await this.#parts.codes.create(
      {
        id: newId<DeviceCodeId>(this.#parts.clock),
        ...{ deviceHash: hashToken(deviceCode), userHash: hashOf(userCode), scope: request.scope },
        clientName: readableText(request.clientName, 100, 'computer'),
        requestedFrom: readableText(request.from, 64, ''),
        ...{ expiresInSeconds: EXPIRES_SECONDS, intervalSeconds: INTERVAL_SECONDS },
      },
      OPEN_MAX,
    );
    if (!created) {
      throw new ArchiveError(
        'SERVER_BUSY',
        'Too many sign-ins wait for an approval; try again in ten minutes, or sign in with a password.',
      );
    }
    return { deviceCode, userCode, expiresIn: EXPIRES_SECONDS, interval: INTERVAL_SECONDS };
  }

  /**
   * @param from of the computer, for the audit trail
   * @throws ArchiveError AUTHORIZATION_PENDING, SLOW_DOWN, DEVICE_CODE_EXPIRED, DEVICE_CODE_DENIED
   */
  async poll(deviceCode: string, from?: Origin): Promise<SignedIn> {
    const token = newToken();
    const credential = { id: newId<CredentialId>(this.#parts.clock), tokenHash: hashToken(token) };
    const polled = await this.#parts.codes.poll(hashToken(deviceCode), credential, from);
    switch (polled.status) {
      case 'approved':
        return { accountId: polled.accountId, memberId: polled.memberId, token };
      case 'pending':
        throw new ArchiveError(
          'AUTHORIZATION_PENDING',
          'Nobody has decided about this sign-in yet.',
        );
      case 'slow-down':
        throw new ArchiveError('SLOW_DOWN', 'This was asked too soon; wait five seconds longer.');
      case 'denied':
        throw new ArchiveError('DEVICE_CODE_DENIED', 'This sign-in was refused.');
      case 'expired':
        throw new ArchiveError('DEVICE_CODE_EXPIRED', 'The time of this code is over.', {
          hint: 'Run `rootcellar login` again.',
        });
    }
  }

  /** What waits under a code somebody typed. @throws ArchiveError NOT_FOUND; FORBIDDEN after too many wrong ones */
  async look({ accountId }: Principal, typed: string): Promise<DeviceCodeView> {
    const found = await this.#parts.codes.find(this.#hash(accountId, typed));
    if (found === undefined) throw this.#miss(accountId);
    return found;
  }

  /**
   * @param wanted.scope what was asked for, without it; never more than the sign-in that approves
   * @param wanted.householdId the household of the sign-in that approves, without it
   * @throws ArchiveError NOT_FOUND, SCOPE_TOO_NARROW, MEMBER_LEAVING; FORBIDDEN after too many wrong codes
   */
  async decide(
    principal: Principal,
    wanted: {
      readonly userCode: string;
      readonly approve: boolean;
      readonly scope: Scope | undefined;
      readonly householdId: HouseholdId | undefined;
    },
  ): Promise<void> {
    const { accountId } = principal;
    const hash = this.#hash(accountId, wanted.userCode);
    const found = await this.#parts.codes.find(hash);
    if (found === undefined) throw this.#miss(accountId);
    const scope = wanted.scope ?? found.scope;
    requireScope(principal.scope, scope);
    const decision = wanted.approve
      ? ({
          ...{ approve: true, accountId, scope, from: originOf(principal) },
          membership: await this.#membership(principal, wanted.householdId),
        } as const)
      : ({ approve: false } as const);
    if (!(await this.#parts.codes.decide(hash, decision))) throw unknownCode();
  }

  async #membership(
    { accountId, membership }: Principal,
    householdId: HouseholdId | undefined,
  ): Promise<Membership | undefined> {
    const chosen =
      householdId === undefined || householdId === membership?.householdId
        ? membership
        : (await this.#parts.people.memberships(accountId)).find(
            (each) => each.householdId === householdId,
          );
    if (chosen === undefined && householdId !== undefined)
      throw new ArchiveError('NOT_FOUND', 'You belong to no such household.');
    if (chosen !== undefined) notLeaving(chosen);
    return chosen;
  }

  #hash(accountId: AccountId, typed: string): Uint8Array {
    this.#misses.check(accountId);
    const code = readUserCode(typed);
    // A slip of the finger is no guess.
    if (code === undefined) throw unknownCode();
    return hashToken(code);
  }

  #miss(accountId: AccountId): ArchiveError {
    this.#misses.note(accountId);
    return unknownCode();
  }
}

function hashOf(userCode: string): Uint8Array {
  return hashToken(readUserCode(userCode) ?? userCode);
}

function unknownCode(): ArchiveError {
  return new ArchiveError(
    'NOT_FOUND',
    'No sign-in waits under this code: it is mistyped, was used, or its ten minutes are over.',
    { hint: 'Look at the computer that shows it.' },
  );
}
