import { ArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Service } from '../service.js';
import { sameName } from '../sign-in/keep-sign-in.js';

export type Member = Schemas['MemberDto'];

/** A member by id or name. @throws ArchiveError NOT_FOUND, INPUT_INVALID when several have the name */
export async function findMember(service: Service, which: string): Promise<Member> {
  const found: Member[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
    const page = await service.call(async (api, signal) =>
      api.GET('/api/v1/members', { params: { query }, signal }),
    );
    found.push(
      ...page.items.filter(({ id, name }) => id === which.toLowerCase() || sameName(name, which)),
    );
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const [member, another] = found;
  if (member === undefined) {
    throw new ArchiveError('NOT_FOUND', 'There is no such member of this household.', {
      hint: '`rootcellar member list` shows them.',
    });
  }
  if (another !== undefined) {
    throw new ArchiveError('INPUT_INVALID', 'Several members have this name.', {
      hint: `Give the id: ${found.map(({ id }) => id).join(', ')}.`,
    });
  }
  return member;
}
