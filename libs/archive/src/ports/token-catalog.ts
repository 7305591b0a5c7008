import type { CredentialId } from '@rootcellar/model';
import type { Origin } from './audit-trail.js';
import type { NewCredential, Principal } from './people-catalog.js';

/** Tokens that are made to be carried elsewhere. Making and revoking leave an audit line. */
export interface TokenCatalog {
  create(token: NewCredential, expiresAt: Date | undefined, from: Origin): Promise<void>;
  /**
   * One's own; an administrator's household's too.
   * @returns false when there is none such
   */
  revoke(by: Principal, id: CredentialId): Promise<boolean>;
}
