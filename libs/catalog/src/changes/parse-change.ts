import type { HouseholdChange } from '@rootcellar/archive';
import type { HouseholdId, MemberId } from '@rootcellar/model';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const LINE = new RegExp(
  `^(${UUID}) (snapshot|artifact|job|policy|hold|alert) (${UUID})(?: (${UUID}))?$`,
);

/** A line as the triggers of `1795500000000-announce-changes` write it. Undefined for one of a later release, or of somebody else. */
export function parseChange(
  line: string,
): { readonly householdId: HouseholdId; readonly change: HouseholdChange } | undefined {
  const found = LINE.exec(line);
  if (found === null) return undefined;
  const [, household, kind, id, member] = found;
  return {
    householdId: household as HouseholdId,
    change: {
      kind: kind as HouseholdChange['kind'],
      id: id ?? '',
      memberId: member as MemberId | undefined,
    },
  };
}
