import { idIn } from './names.js';

/** The id of a member as the user names one. @throws ArchiveError INPUT_INVALID */
export async function memberIdOf(which: string): Promise<string> {
  return Promise.resolve(
    idIn(which, {
      message: 'A member is named by their id.',
      hint: '`rootcellar member list` shows the ids.',
    }),
  );
}

/** Whose a device is: a member's id, or `household`. */
export async function ownerOf(which: string): Promise<string> {
  return which === 'household' ? which : memberIdOf(which);
}
