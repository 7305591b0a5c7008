import type { Context } from '../context.js';
import { findMember } from './find-member.js';

/** The id of a member, by id or name. @throws ArchiveError NOT_FOUND, INPUT_INVALID */
export async function memberIdOf(context: Context, which: string): Promise<string> {
  const { id } = await findMember(await context.signedIn(), which);
  return id;
}

/** Whose a device is: a member's id, or `household`. */
export async function ownerOf(context: Context, which: string): Promise<string> {
  return which === 'household' ? which : memberIdOf(context, which);
}
