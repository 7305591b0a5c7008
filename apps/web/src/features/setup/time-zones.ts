export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** IANA names, as the service knows them; the browser's own is among them. */
export function timeZones(): { readonly value: string; readonly label: string }[] {
  const zones = new Set([ownTimeZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...zones].toSorted().map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}
