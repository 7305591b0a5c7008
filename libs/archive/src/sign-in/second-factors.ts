import { randomBytes } from 'node:crypto';
import { ArchiveError } from '@rootcellar/model';
import type { AccountId, Clock } from '@rootcellar/model';
import { Secret, TOTP } from 'otpauth';
import { originOf } from '../people/origin-of.js';
import type { Principal } from '../ports/people-catalog.js';
import type { Seals } from '../ports/seals.js';
import type { AccountCatalog, Change, SecondFactorCatalog } from '../ports/sign-in-catalog.js';
import type { Attempts } from './attempts.js';
import type { ConfirmPassword } from './confirm-password.js';

export interface SecondFactorsParts {
  readonly factors: SecondFactorCatalog;
  readonly accounts: Pick<AccountCatalog, 'findSecrets'>;
  readonly confirmPassword: ConfirmPassword;
  readonly attempts: Attempts;
  readonly seals: Seals;
  readonly clock: Clock;
}

/** RFC 6238 as every authenticator app knows it: SHA-1, six digits, 30 seconds. 20 bytes of secret (RFC 4226, 4). */
const SECRET_BYTES = 20;
const PERIOD_S = 30;
/** Clocks differ: the step before and the one after are good as well. */
const WINDOW = 1;
const RECOVERY_CODES = 10;

/** An authenticator app, and codes for when it is lost. */
export class SecondFactors {
  readonly #parts: SecondFactorsParts;

  constructor(parts: SecondFactorsParts) {
    this.#parts = parts;
  }

  async facts(accountId: AccountId): Promise<{
    readonly totp: boolean;
    readonly recoveryCodesLeft: number;
    readonly password: boolean;
  }> {
    const { factors, accounts } = this.#parts;
    const [totp, recoveryCodesLeft, secrets] = await Promise.all([
      factors.findTotp(accountId),
      factors.recoveryCodesLeft(accountId),
      accounts.findSecrets(accountId),
    ]);
    return {
      totp: totp?.confirmed ?? false,
      recoveryCodesLeft,
      password: secrets?.passwordHash !== undefined,
    };
  }

  /** A new secret, not in force yet. @throws ArchiveError SECOND_FACTOR_EXISTS */
  async begin(accountId: AccountId): Promise<{ readonly secret: string; readonly uri: string }> {
    const { factors, accounts, seals } = this.#parts;
    const secret = randomBytes(SECRET_BYTES);
    const sealed = seals.seal('totp', accountId, secret);
    if (!(await factors.beginTotp(accountId, sealed))) {
      throw new ArchiveError('SECOND_FACTOR_EXISTS', 'An authenticator app is set up already.', {
        hint: 'Remove it first.',
      });
    }
    const label = (await accounts.findSecrets(accountId))?.email ?? '';
    const totp = totpOf(secret, label);
    return { secret: totp.secret.base32, uri: totp.toString() };
  }

  /** In force from now on. @returns recovery codes, told once. @throws ArchiveError SECOND_FACTOR_MISSING, SECOND_FACTOR_WRONG, RATE_LIMITED */
  async confirm(principal: Principal, code: string): Promise<readonly string[]> {
    const { factors, attempts } = this.#parts;
    const { accountId } = principal;
    const found = await factors.findTotp(accountId);
    if (found === undefined || found.confirmed) throw nothingToConfirm();
    const attempt = await attempts.begin('second-factor', { from: accountId, about: accountId });
    const step = this.#stepOf(accountId, found.sealedSecret, code);
    if (step === undefined) {
      throw new ArchiveError('SECOND_FACTOR_WRONG', 'This is not the code the app shows now.', {
        hint: 'Look at the clock of the phone, and type the next code.',
      });
    }
    const codes = newRecoveryCodes();
    const codeHashes = codes.map((each) => this.#recoveryMark(accountId, each));
    const change = changeBy(principal, 'second-factor-added', 'authenticator app');
    if (!(await factors.confirmTotp(change, { step, codeHashes }))) throw nothingToConfirm();
    await attempt.succeeded();
    return codes;
  }

  /** @throws ArchiveError PASSWORD_WRONG, SECOND_FACTOR_MISSING, RATE_LIMITED */
  async remove(principal: Principal, password: string | undefined): Promise<void> {
    await this.#parts.confirmPassword.execute(principal.accountId, password);
    const change = changeBy(principal, 'second-factor-removed', 'authenticator app');
    if (!(await this.#parts.factors.removeTotp(change)))
      throw new ArchiveError('SECOND_FACTOR_MISSING', 'There is no authenticator app to remove.');
  }

  /** Those before are void. @throws ArchiveError SECOND_FACTOR_MISSING */
  async newRecoveryCodes(accountId: AccountId): Promise<readonly string[]> {
    const { factors } = this.#parts;
    if ((await factors.findTotp(accountId))?.confirmed !== true) {
      throw new ArchiveError(
        'SECOND_FACTOR_MISSING',
        'Recovery codes stand in for an authenticator app, and there is none.',
      );
    }
    const codes = newRecoveryCodes();
    await factors.replaceRecoveryCodes(
      accountId,
      codes.map((each) => this.#recoveryMark(accountId, each)),
    );
    return codes;
  }

  /** Whether one of the codes is right; it is used up by that. */
  async verify(
    accountId: AccountId,
    {
      totp,
      recoveryCode,
    }: { readonly totp?: string | undefined; readonly recoveryCode?: string | undefined },
  ): Promise<boolean> {
    const { factors } = this.#parts;
    const found = await factors.findTotp(accountId);
    if (found?.confirmed !== true) return false;
    if (totp !== undefined) {
      const step = this.#stepOf(accountId, found.sealedSecret, totp);
      return step !== undefined && (await factors.useStep(accountId, step));
    }
    if (recoveryCode === undefined) return false;
    return factors.useRecoveryCode(accountId, this.#recoveryMark(accountId, recoveryCode));
  }

  /** The time step a code is of; undefined when it is of none that is near. */
  #stepOf(accountId: AccountId, sealed: Uint8Array, code: string): number | undefined {
    const { seals, clock } = this.#parts;
    const secret = seals.open('totp', accountId, sealed);
    const token = code.replaceAll(/\s/g, '');
    if (secret === undefined || !/^\d{6}$/.test(token)) return undefined;
    const timestamp = clock.now().getTime();
    const delta = totpOf(secret, '').validate({ token, timestamp, window: WINDOW });
    return delta === null ? undefined : TOTP.counter({ period: PERIOD_S, timestamp }) + delta;
  }

  #recoveryMark(accountId: AccountId, code: string): Uint8Array {
    return this.#parts.seals.mark('recovery-code', `${accountId} ${plainCode(code)}`);
  }
}

export function changeBy(
  principal: Principal,
  action: Change['note']['action'],
  subject: string,
): Change {
  const { accountId, credentialId: by } = principal;
  const from = originOf(principal);
  return { accountId, by, note: { action, subject }, from, ends: 'browsers' };
}

function totpOf(secret: Uint8Array, label: string): TOTP {
  const { buffer } = Uint8Array.from(secret);
  return new TOTP({
    ...{ issuer: 'Rootcellar', label, algorithm: 'SHA1', digits: 6, period: PERIOD_S },
    secret: new Secret({ buffer }),
  });
}

/** Without the letters that are taken for others: 10 letters of 32, 50 bits. */
const LETTERS = 'abcdefghjkmnpqrstvwxyz0123456789';

function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from(randomBytes(10), (byte) => LETTERS.charAt(byte % LETTERS.length));
    return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
  });
}

/** As it is typed from paper. */
function plainCode(code: string): string {
  return code
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');
}

function nothingToConfirm(): ArchiveError {
  return new ArchiveError(
    'SECOND_FACTOR_MISSING',
    'There is no authenticator app that waits to be confirmed.',
    { hint: 'Begin again: a new secret is made.' },
  );
}
