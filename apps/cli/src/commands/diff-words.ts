const NAMES_SHOWN = 12;

/** `NSPhotoLibraryAddUsageDescription` → `photo library add` */
export function permissionName(key: string): string {
  return key
    .replace(/^NS|UsageDescription$/g, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

/** What came and what went of one kind of thing, in at most two lines. */
export function listLine(
  what: string,
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
  short: (name: string) => string = (name) => name,
): string[] {
  const line = (mark: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`  ${mark} ${what}: ${namesOf(names.map(short))}`];
  return [...line('+', added), ...line('−', removed)];
}

/** The first few lines and how many more there are. */
export function countedList(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `    and ${String(lines.length - most)} more like these`];
}

function namesOf(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${String(more)} more` : shown;
}
