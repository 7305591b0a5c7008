import type { Signing } from './signing.js';

/**
 * How a version's signer stands to the one before it: `first` has none before; `rotated` proves that it signed with the one before;
 * `other`: Android refuses it as an update; `unknown`: one of them has no readable certificate.
 */
export type Continuity = 'first' | 'same' | 'rotated' | 'other' | 'unknown';

export type Signers = Pick<Signing, 'certificates' | 'lineage'>;

export function continuityOf(now: Signers, before: Signers | undefined): Continuity {
  if (before === undefined) return 'first';
  if (now.certificates.length === 0 || before.certificates.length === 0) return 'unknown';
  const same =
    now.certificates.length === before.certificates.length &&
    now.certificates.every((one) => before.certificates.includes(one));
  if (same) return 'same';
  const [only, ...more] = before.certificates;
  const proven = more.length === 0 && only !== undefined && now.lineage.includes(only);
  return proven ? 'rotated' : 'other';
}
