import { originOf } from '../people/origin-of.js';
import { hashPassword } from '../people/secrets.js';
import type { Principal } from '../ports/people-catalog.js';
import type { AccountCatalog } from '../ports/sign-in-catalog.js';
import type { ConfirmPassword } from './confirm-password.js';

/** A new password ends every other sign-in, but those that may only push. */
export class ChangePassword {
  readonly #accounts: Pick<AccountCatalog, 'changePassword'>;
  readonly #confirmPassword: ConfirmPassword;

  constructor(accounts: Pick<AccountCatalog, 'changePassword'>, confirmPassword: ConfirmPassword) {
    this.#accounts = accounts;
    this.#confirmPassword = confirmPassword;
  }

  /** @throws ArchiveError PASSWORD_WRONG, PASSWORD_WEAK, INPUT_INVALID, RATE_LIMITED */
  async execute(
    principal: Principal,
    { current, password }: { readonly current?: string | undefined; readonly password: string },
  ): Promise<void> {
    const { accountId, credentialId: by } = principal;
    const { name, email } = await this.#confirmPassword.execute(accountId, current);
    const passwordHash = await hashPassword(password, [name, email]);
    const note = { action: 'password-changed', subject: '' } as const;
    const from = originOf(principal);
    const change = { accountId, by, note, from, ends: 'all-but-push' } as const;
    await this.#accounts.changePassword(change, passwordHash);
  }
}
