import { ArchiveError } from '@rootcellar/model';

/** The same for a package that is not there and for another's. */
export function noSuchPackage(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such package, or it is not yours.', {
    hint: '`rootcellar app versions <bundle-id>` shows the packages of an app.',
  });
}
