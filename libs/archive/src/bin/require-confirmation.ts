import { ArchiveError } from '@rootcellar/model';
import type { Confirmation } from '@rootcellar/retention';

const WHAT: Readonly<Record<Confirmation['reason'], string>> = {
  'more-than-half': 'it removes more than half of what the household keeps',
  'last-version': 'it removes the last kept version of an app',
};
const NAMES_TOLD = 20;

/** @throws ArchiveError CONFIRMATION_NEEDED unless every name that is asked for was given */
export function requireConfirmation(
  needed: readonly Confirmation[],
  given: readonly string[],
): void {
  const missing = needed.filter(({ name }) => !given.includes(name));
  if (missing.length === 0) return;
  const reasons = [...new Set(missing.map(({ reason }) => WHAT[reason]))].join('; ');
  const names = [...new Set(missing.map(({ name }) => name))];
  throw new ArchiveError(
    'CONFIRMATION_NEEDED',
    `This needs a confirmation by name: ${reasons}. Nothing was removed.`,
    {
      details: { names: names.slice(0, NAMES_TOLD) },
      hint: `Confirm with ${names
        .slice(0, 3)
        .map((name) => `--confirm ${JSON.stringify(name)}`)
        .join(' ')}${names.length > 3 ? ' …' : ''}`,
    },
  );
}
