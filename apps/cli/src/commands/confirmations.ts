import { ArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';

type Confirmation = Schemas['ConfirmationDto'];

const WHY: Readonly<Record<Confirmation['reason'], string>> = {
  'more-than-half': 'more than half of what is kept would go',
  'last-version': 'the last kept version of an app would go',
};

/** Lines that say what has to be confirmed, and how; none when nothing has to be. */
export function confirmWith(needed: readonly Confirmation[]): string[] {
  if (needed.length === 0) return [];
  return [
    'Needs a confirmation by name:',
    ...needed.map(({ reason, name }) => `  ${optionFor(name)}   ${WHY[reason]}`),
  ];
}

/** @throws ArchiveError CONFIRMATION_NEEDED with every option that is missing */
export function requireConfirmed(needed: readonly Confirmation[], given: readonly string[]): void {
  const missing = [...new Set(needed.map(({ name }) => name))].filter(
    (name) => !given.includes(name),
  );
  if (missing.length === 0) return;
  throw new ArchiveError(
    'CONFIRMATION_NEEDED',
    'This removes so much that it needs a confirmation by name. Nothing was removed.',
    { details: { names: missing }, hint: `Give ${missing.map(optionFor).join(' ')}` },
  );
}

/** In single quotes a shell changes nothing. */
function optionFor(name: string): string {
  return `--confirm ${/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`}`;
}
